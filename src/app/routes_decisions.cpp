#include <boost/json.hpp>

#include "app/record_text.h"
#include "app/routes.h"
#include "app/routes_records.h"
#include "http/page.h"

namespace spectacles::app {
namespace {

using accounts::Principal;

Result<audit::DecisionFilter> read_filter(Services& services, const http::Parameters& query, const Principal& who) {
  auto filter = read_decision_filter(find_in(query));
  if (filter) filter->account_id = narrowed_to(services, who, filter->ns);
  return filter;
}

Result<http::Response> list(Services& services, const http::Request& request, const Principal& who) {
  const auto query = request.query();
  if (!query) return pass_on(query);
  const auto page =
      http::parse_page(*query, 2, {.allowed = {"at"}, .standard = "-at", .numeric = {"at"}, .ends_with_number = true});
  if (!page) return pass_on(page);
  const auto filter = read_filter(services, *query, who);
  if (!filter) return pass_on(filter);
  services.decision_log.flush();
  auto decisions = services.decisions.page(*filter, *page);
  const auto next = http::cut_to_page(decisions, *page, audit::key_of_decision);
  boost::json::array rendered;
  for (const auto& decision : decisions) rendered.push_back(render_decision(decision));
  const bool is_all = page->after.empty() && !next;
  const auto total = is_all ? static_cast<std::int64_t>(decisions.size()) : services.decisions.count(*filter);
  return http::page_of_many(request, rendered, total, audit::DecisionStore::most_counted, next);
}

Result<http::Response> summarise(Services& services, const http::Request& request, const Principal& who) {
  const auto query = request.query();
  if (!query) return pass_on(query);
  auto filter = read_filter(services, *query, who);
  if (!filter) return pass_on(filter);
  const auto width = complete_time(*filter, services.foundation.clock.now());
  if (!width) return pass_on(width);
  services.decision_log.flush();
  const auto summary = services.decisions.summarise(*filter, *width);
  boost::json::array buckets;
  for (const auto& [at, granted, refused] : summary.buckets) {
    buckets.push_back(boost::json::object{{"at", render_rfc3339(at)}, {"granted", granted}, {"refused", refused}});
  }
  return http::json(boost::json::object{
      {"interval", render_interval(*width)}, {"buckets", std::move(buckets)}, {"dropped", summary.dropped}});
}

Result<http::Response> export_all(Services& services, const http::Request& request, const Principal& who) {
  const auto query = request.query();
  if (!query) return pass_on(query);
  const auto format = read_export_format(*query);
  if (!format) return pass_on(format);
  const auto filter = read_filter(services, *query, who);
  if (!filter) return pass_on(filter);
  services.decision_log.flush();
  return download(export_decisions(services.decisions, *filter, *format), "decisions", *format,
                  services.foundation.clock.now());
}

}  // namespace

void mount_decision_routes(http::Router& router, Services& services) {
  const auto add = [&](const std::string& path, auto handler) {
    router.add(http::Method::get, path,
               services.guard.signed_in([&services, handler](const http::Request& request, const Principal& who) {
                 return handler(services, request, who);
               }));
  };
  add("/api/v1/decisions", list);
  add("/api/v1/decisions/summary", summarise);
  add("/api/v1/decisions/export", export_all);
}

}  // namespace spectacles::app
