#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <map>

#include "app/routes.h"
#include "audit/statistics_sql.h"
#include "catalog/storage_sql.h"
#include "http/response.h"

namespace spectacles::app {
namespace {

using accounts::Principal;
using std::chrono::hours;

struct Period {
  std::string_view name;
  hours length;
  hours width;  // of a bucket
};
constexpr std::array<Period, 3> periods{
    {{"day", hours(24), hours(1)}, {"week", hours(24 * 7), hours(24)}, {"month", hours(24 * 30), hours(24)}}};

Result<Period> read_period(const http::Parameters& query) {
  const auto text = query.first("period").value_or("");
  for (const auto& period : periods) {
    if (text == period.name || (text.empty() && &period == &periods.front())) return period;
  }
  return refuse(RefusalKind::invalid, "period is day, week or month", "period");
}

Result<std::size_t> read_top(const http::Parameters& query) {
  constexpr std::size_t standard = 10;
  constexpr std::size_t most = 50;
  const auto text = query.first("top").value_or("");
  if (text.empty()) return standard;
  std::size_t top = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), top);
  if (error == std::errc() && end == text.data() + text.size() && top >= 1 && top <= most) return top;
  return refuse(RefusalKind::invalid, "top is a number from 1 to 50", "top");
}

audit::Share share_of(Services& services, const Principal& who) {
  if (who.reads_everything()) return {};
  audit::Share share{.account = who.account->id};
  for (const auto& ns : services.access.namespaces()->all()) {
    if (ns.owner == who.account->id) share.namespaces.push_back(ns.id);
  }
  return share;
}

boost::json::object render_storage(Services& services, const Principal& who, std::size_t top) {
  const auto stored = catalog::storage_by_namespace(services.foundation.database, services.catalog.visible_to(who));
  const auto namespaces = services.access.namespaces();
  std::map<RegistryId, boost::json::object> registries;
  for (const auto& registry : services.registries.list()) {
    registries[registry.id] = {
        {"id", registry.id.value()}, {"name", registry.name.str()}, {"public", registry.public_host.str()}};
  }
  std::int64_t total = 0;
  std::int64_t others = 0;
  boost::json::array rows;
  for (const auto& [id, repositories, bytes] : stored) {
    total += bytes;
    const auto* ns = id ? namespaces->find(*id) : nullptr;
    if (!ns || rows.size() >= top) {
      others += bytes;
      continue;
    }
    rows.push_back(boost::json::object{{"id", ns->id.value()},
                                       {"name", ns->name.str()},
                                       {"registry", registries[ns->registry]},
                                       {"repositories", repositories},
                                       {"bytes", bytes}});
  }
  return {{"total_bytes", total}, {"namespaces", std::move(rows)}, {"other_bytes", others}};
}

Result<http::Response> get(Services& services, const http::Request& request, const Principal& who) {
  const auto query = request.query();
  if (!query) return pass_on(query);
  const auto period = read_period(*query);
  if (!period) return pass_on(period);
  const auto top = read_top(*query);
  if (!top) return pass_on(top);
  services.decision_log.flush();
  const auto until = services.foundation.clock.now() + std::chrono::milliseconds(1);
  const auto traffic = audit::Statistics(services.foundation.database)
                           .traffic(share_of(services, who), until - period->length, until, period->width);
  std::int64_t refusals = 0;
  boost::json::array buckets;
  for (const auto& bucket : traffic) {
    refusals += bucket.refusals;
    buckets.push_back(boost::json::object{{"at", render_rfc3339(bucket.at)},
                                          {"pushes", bucket.pushes},
                                          {"pulls", bucket.pulls},
                                          {"refusals", bucket.refusals}});
  }
  return http::json(boost::json::object{{"period", period->name},
                                        {"interval", period->width == hours(1) ? "hour" : "day"},
                                        {"buckets", std::move(buckets)},
                                        {"refusals", refusals},
                                        {"storage", render_storage(services, who, *top)}});
}

}  // namespace

void mount_statistics_routes(http::Router& router, Services& services) {
  router.add(http::Method::get, "/api/v1/statistics",
             services.guard.signed_in([&services](const http::Request& request, const Principal& who) {
               return get(services, request, who);
             }));
}

}  // namespace spectacles::app
