#include <boost/json.hpp>

#include "crypto/random.h"
#include "http/json.h"
#include "removal/routes.h"

namespace spectacles::removal {
namespace {

using accounts::Principal;

constexpr std::int64_t usual_minutes = 60;
constexpr std::int64_t most_minutes = 24 * 60;
constexpr std::size_t most_reason = 500;

Result<registries::Registry> find(const RouteContext& context, const http::Request& request) {
  const auto id = parse_id<RegistryId>(request.path_parameters.at("id"));
  auto registry = id ? context.registries.find(*id) : std::nullopt;
  if (!registry) return refuse(RefusalKind::not_found, "there is no such registry");
  return std::move(*registry);
}

boost::json::value time_or_null(const std::optional<Time>& time) {
  return time ? boost::json::value(render_rfc3339(*time)) : boost::json::value(nullptr);
}

boost::json::object render(const std::optional<GcWindow>& window, const std::optional<Time>& writes_until) {
  boost::json::object rendered{{"open", window.has_value()}};
  rendered["opened_at"] =
      window ? boost::json::value(render_rfc3339(window->pause.since)) : boost::json::value(nullptr);
  rendered["opened_by"] = window ? boost::json::value(window->pause.by) : boost::json::value(nullptr);
  rendered["reason"] = window ? boost::json::value(window->pause.reason) : boost::json::value(nullptr);
  rendered["until"] = window ? boost::json::value(render_rfc3339(window->pause.until)) : boost::json::value(nullptr);
  rendered["writes_until"] = time_or_null(writes_until);
  return rendered;
}

Result<http::Response> get(const RouteContext& context, const http::Request& request, const Principal&) {
  const auto registry = find(context, request);
  if (!registry) return pass_on(registry);
  return http::json(render(context.windows.find(registry->id), context.windows.writes_until(registry->id)));
}

Result<http::Response> open(const RouteContext& context, const http::Request& request, const Principal& who) {
  const auto registry = find(context, request);
  if (!registry) return pass_on(registry);
  http::Fields fields(request);
  const auto minutes = fields.optional_integer("minutes").value_or(usual_minutes);
  if (minutes < 1 || minutes > most_minutes) fields.refuse("minutes", "minutes must be from 1 to 1440");
  const auto reason = fields.optional_text("reason").value_or("");
  if (reason.size() > most_reason) fields.refuse("reason", "reason must have at most 500 bytes");
  if (const auto finished = fields.finish(); !finished) return pass_on(finished);
  const auto window = context.windows.open({.registry = registry->id,
                                            .registry_name = registry->name,
                                            .holder = crypto::random_token(),
                                            .lasts = std::chrono::minutes(minutes),
                                            .reason = reason},
                                           accounts::actor_of(who, request));
  if (!window) return pass_on(window);
  return http::json(render(*window, window->writes_until), 201);
}

Result<http::Response> close(const RouteContext& context, const http::Request& request, const Principal& who) {
  const auto registry = find(context, request);
  if (!registry) return pass_on(registry);
  context.windows.close(registry->id, registry->name, std::nullopt, accounts::actor_of(who, request));
  return http::no_content();
}

}  // namespace

void mount_gc_window_routes(http::Router& router, const RouteContext& context, const accounts::Guard& guard) {
  const auto with_context = [&](auto handler) {
    return [context, handler](const http::Request& request, const Principal& who) {
      return handler(context, request, who);
    };
  };
  const std::string path = "/api/v1/registries/{id}/gc-window";
  router.add(http::Method::get, path, guard.administrator_or_auditor(with_context(get)));
  router.add(http::Method::post, path, guard.administrator(with_context(open)));
  router.add(http::Method::del, path, guard.administrator(with_context(close)));
}

}  // namespace spectacles::removal
