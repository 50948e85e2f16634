#include <boost/json.hpp>

#include "app/record_text.h"
#include "app/routes.h"
#include "app/routes_records.h"
#include "http/page.h"

namespace spectacles::app {
namespace {

using accounts::Principal;

Result<audit::EventFilter> read_filter(Services& services, const http::Parameters& query, const Principal& who) {
  auto filter = read_event_filter(find_in(query));
  if (filter) filter->actor_id = narrowed_to(services, who, filter->ns);
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
  const auto next = http::cut_to_page(events.rows, *page, audit::key_of_event);
  boost::json::array rendered;
  for (const auto& event : events.rows) rendered.push_back(render_event(event));
  return http::page(request, rendered, events.total, next);
}

Result<http::Response> summarise(Services& services, const http::Request& request, const Principal& who) {
  const auto query = request.query();
  if (!query) return pass_on(query);
  auto filter = read_filter(services, *query, who);
  if (!filter) return pass_on(filter);
  const auto width = complete_time(*filter, services.foundation.clock.now());
  if (!width) return pass_on(width);
  boost::json::array buckets;
  for (const auto& [at, done, refused] : services.activity.summarise(*filter, *width)) {
    buckets.push_back(boost::json::object{{"at", render_rfc3339(at)}, {"done", done}, {"refused", refused}});
  }
  return http::json(boost::json::object{{"interval", render_interval(*width)}, {"buckets", std::move(buckets)}});
}

Result<http::Response> export_all(Services& services, const http::Request& request, const Principal& who) {
  const auto query = request.query();
  if (!query) return pass_on(query);
  const auto format = read_export_format(*query);
  if (!format) return pass_on(format);
  const auto filter = read_filter(services, *query, who);
  if (!filter) return pass_on(filter);
  return download(export_events(services.activity, *filter, *format), "activity", *format,
                  services.foundation.clock.now());
}

}  // namespace

void mount_activity_routes(http::Router& router, Services& services) {
  const auto add = [&](const std::string& path, auto handler) {
    router.add(http::Method::get, path,
               services.guard.signed_in([&services, handler](const http::Request& request, const Principal& who) {
                 return handler(services, request, who);
               }));
  };
  add("/api/v1/activity", list);
  add("/api/v1/activity/summary", summarise);
  add("/api/v1/activity/export", export_all);
}

}  // namespace spectacles::app
