#include "app/routes.h"

#include <boost/json.hpp>
#include <charconv>

#include "access/routes.h"
#include "accounts/routes.h"
#include "app/version.h"
#include "catalog/routes.h"
#include "crypto/jwk.h"
#include "http/page.h"
#include "registries/routes.h"
#include "tokens/endpoint.h"

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

http::Response get_instance(Services& services, const http::Request& request) {
  const auto& config = services.config;
  const auto registration = services.accounts.registration();
  return http::json(boost::json::object{{"version", version},
                                        {"registration", accounts::render_registration(registration)},
                                        {"public_url", config.public_url.value_or(request.origin() + config.web_root)},
                                        {"issuer", config.issuer},
                                        {"portal_url", text_or_null(config.portal_url)}});
}

boost::json::object render_background(const Services& services, const audit::Counts& counts) {
  const auto interval = services.config.background_interval;
  const bool due = counts.registries > 0;
  const bool late = due && (!counts.background_seen_at ||
                            services.foundation.clock.now() - *counts.background_seen_at > 3 * interval);
  boost::json::object background{{"interval_seconds", interval.count()}, {"late", late}};
  background["seen_at"] = counts.background_seen_at ? boost::json::value(render_rfc3339(*counts.background_seen_at))
                                                    : boost::json::value(nullptr);
  return background;
}

Result<http::Response> get_summary(Services& services, const http::Request&, const Principal& who) {
  const auto counts = services.activity.count();
  const auto visible = catalog::count_visible(services.catalog, services.access, who);
  boost::json::object summary{{"registries", counts.registries},
                              {"namespaces", services.access.list_visible(who).size()},
                              {"repositories", visible.repositories},
                              {"tags", visible.tags},
                              {"background", render_background(services, counts)}};
  summary["users"] = who.reads_everything() ? boost::json::value(counts.users) : boost::json::value(nullptr);
  summary["groups"] = who.reads_everything() ? boost::json::value(counts.groups) : boost::json::value(nullptr);
  return http::json(summary);
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

Result<http::Response> list_activity(Services& services, const http::Request& request, const Principal& who) {
  const auto query = request.query();
  if (!query) return pass_on(query);
  const auto page = http::parse_page(*query, 1);
  if (!page) return pass_on(page);
  std::optional<std::int64_t> before_id;
  if (!page->after.empty()) {
    std::int64_t id = 0;
    const auto& text = page->after[0];
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc{} || end != text.data() + text.size()) {
      return refuse(RefusalKind::invalid, "cursor is not one that this list gave out", "cursor");
    }
    before_id = id;
  }
  const auto whose = who.reads_everything() ? std::nullopt : std::optional(who.account->id);
  auto events = services.activity.list(whose, before_id, page->limit);
  const auto next = http::cut_to_page(
      events.rows, *page, [](const audit::RecordedEvent& event) { return std::vector{std::to_string(event.id)}; });
  boost::json::array rendered;
  for (const auto& event : events.rows) rendered.push_back(render_event(event));
  return http::page(request, rendered, events.total, next);
}

// One key under both names that registries know it by.
http::Response get_jwks(const registries::SigningKey& signing_key) {
  auto jwk = crypto::to_jwk(signing_key.key.public_key());
  jwk["use"] = "sig";
  jwk["alg"] = crypto::render_algorithm(signing_key.key.algorithm());
  boost::json::array keys;
  for (const auto& id : {signing_key.rfc7638_id, signing_key.libtrust_id}) {
    jwk["kid"] = id;
    keys.push_back(jwk);
  }
  return http::json(boost::json::object{{"keys", std::move(keys)}});
}

}  // namespace

void mount_all(http::Router& router, Services& services) {
  using http::Method;
  using http::Request;
  tokens::mount_endpoint(router, services.issuer);
  accounts::mount_routes(router, services.accounts, services.guard);
  access::mount_routes(router, services.access, services.guard);
  registries::mount_routes(
      router, services.registries, services.guard, services.facts, services.foundation.clock,
      [&services](RegistryId id) { return catalog::render_sync_state(services.catalog.sync_state(id)); });
  catalog::mount_routes(router, services.catalog, services.access, services.guard);

  router.add(Method::get, "/api/v1/instance",
             http::anybody([&services](const Request& request) { return get_instance(services, request); }));
  router.add(Method::get, "/.well-known/jwks.json",
             http::anybody([&services](const Request&) { return get_jwks(services.signing_key); }));
  router.add(Method::get, "/api/v1/summary",
             services.guard.signed_in([&services](const Request& request, const Principal& who) {
               return get_summary(services, request, who);
             }));
  router.add(Method::get, "/api/v1/activity",
             services.guard.signed_in([&services](const Request& request, const Principal& who) {
               return list_activity(services, request, who);
             }));
}

}  // namespace spectacles::app
