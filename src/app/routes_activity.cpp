#include <boost/json.hpp>

#include "app/routes.h"
#include "http/json.h"
#include "http/page.h"

namespace spectacles::app {
namespace {

using accounts::Principal;

boost::json::value text_or_null(const std::optional<std::string>& text) {
  return text ? boost::json::value(*text) : boost::json::value(nullptr);
}

// Before and after are stored as JSON text.
boost::json::value parse_or_null(const std::optional<std::string>& text) {
  return text ? boost::json::parse(*text) : boost::json::value(nullptr);
}

boost::json::object render_event(const audit::RecordedEvent& event) {
  boost::json::object rendered{{"id", event.id},
                               {"at", render_rfc3339(event.at)},
                               {"action", event.action},
                               {"subject", event.subject},
                               {"outcome", event.outcome}};
  rendered["actor"] = text_or_null(event.actor);
  rendered["address"] = text_or_null(event.address);
  rendered["before"] = parse_or_null(event.before);
  rendered["after"] = parse_or_null(event.after);
  return rendered;
}

std::optional<std::string> find_text(const http::Parameters& query, std::string_view name) {
  auto text = query.first(name);
  if (text && text->empty()) text.reset();
  return text;
}

Result<std::optional<Time>> read_time(const http::Parameters& query, const std::string& name) {
  const auto text = find_text(query, name);
  if (!text) return std::nullopt;
  const auto time = parse_rfc3339(*text);
  if (!time) return refuse(RefusalKind::invalid, name + " is a time like 2026-03-01T12:00:00Z", name);
  return time;
}

Result<std::optional<audit::Outcome>> read_outcome(const http::Parameters& query) {
  const auto text = find_text(query, "outcome");
  if (!text) return std::nullopt;
  for (const auto outcome : {audit::Outcome::done, audit::Outcome::refused}) {
    if (*text == audit::render_outcome(outcome)) return outcome;
  }
  return refuse(RefusalKind::invalid, "outcome is done or refused", "outcome");
}

// Whose events the caller may see: his own, or all of a namespace that is his. What he may not see does not exist.
Result<void> narrow(Services& services, const http::Parameters& query, const Principal& who,
                    audit::EventFilter& filter) {
  if (const auto text = find_text(query, "namespace")) {
    filter.ns = parse_id<NamespaceId>(*text);
    if (!filter.ns) return refuse(RefusalKind::invalid, "namespace is the id of a namespace", "namespace");
  }
  if (who.reads_everything()) return {};
  const auto ns = filter.ns ? services.namespaces.find_visible(*filter.ns, who) : std::nullopt;
  if (!ns || !ns->manageable) filter.actor_id = who.account->id;
  return {};
}

Result<audit::EventFilter> read_filter(Services& services, const http::Parameters& query, const Principal& who) {
  audit::EventFilter filter{.actor = find_text(query, "actor"),
                            .kind = find_text(query, "kind"),
                            .action = find_text(query, "action"),
                            .address = find_text(query, "address"),
                            .search = find_text(query, "q").value_or("")};
  if (filter.actor == "-") filter.actor = "";
  const auto since = read_time(query, "since");
  if (!since) return pass_on(since);
  filter.since = *since;
  const auto until = read_time(query, "until");
  if (!until) return pass_on(until);
  filter.until = *until;
  const auto outcome = read_outcome(query);
  if (!outcome) return pass_on(outcome);
  filter.outcome = *outcome;
  if (auto narrowed = narrow(services, query, who, filter); !narrowed) return pass_on(narrowed);
  return filter;
}

Result<http::Response> list(Services& services, const http::Request& request, const Principal& who) {
  const auto query = request.query();
  if (!query) return pass_on(query);
  const auto page = http::parse_page(*query, 1, {.allowed = {"at"}, .standard = "-at", .numeric = {"at"}});
  if (!page) return pass_on(page);
  const auto filter = read_filter(services, *query, who);
  if (!filter) return pass_on(filter);
  auto events = services.activity.list(*filter, *page);
  const auto next = http::cut_to_page(
      events.rows, *page, [](const audit::RecordedEvent& event) { return std::vector{std::to_string(event.id)}; });
  boost::json::array rendered;
  for (const auto& event : events.rows) rendered.push_back(render_event(event));
  return http::page(request, rendered, events.total, next);
}

}  // namespace

void mount_activity_routes(http::Router& router, Services& services) {
  router.add(http::Method::get, "/api/v1/activity",
             services.guard.signed_in([&services](const http::Request& request, const Principal& who) {
               return list(services, request, who);
             }));
}

}  // namespace spectacles::app
