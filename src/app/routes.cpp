#include "app/routes.h"

#include <algorithm>
#include <boost/json.hpp>

#include "access/routes.h"
#include "access/subject.h"
#include "accounts/routes.h"
#include "app/version.h"
#include "catalog/routes.h"
#include "catalog/routes_notifications.h"
#include "crypto/jwk.h"
#include "hooks/routes.h"
#include "http/response.h"
#include "registries/routes.h"
#include "registries/routes_notification_secret.h"
#include "removal/routes.h"
#include "tokens/endpoint.h"

namespace spectacles::app {
namespace {

using accounts::Principal;

boost::json::value text_or_null(const std::optional<std::string>& text) {
  return text ? boost::json::value(*text) : boost::json::value(nullptr);
}

http::Response get_instance(Services& services, const http::Request& request) {
  const auto& config = services.config;
  const auto registration = services.accounts.registration();
  return http::json(
      boost::json::object{{"version", version},
                          {"registration", accounts::render_registration(registration)},
                          {"public_url", services.settings.public_url().value_or(request.origin() + config.web_root)},
                          {"issuer", config.issuer},
                          {"anonymous_browsing", services.access.allows_anonymous_browsing()},
                          {"portal_url", text_or_null(config.portal_url)}});
}

// A pass that is under way counts as seen, however long it takes.
bool is_pass_under_way(Services& services) {
  const auto states = services.sync.load_overview().states;
  return std::any_of(states.begin(), states.end(),
                     [](const auto& state) { return state.second.outcome == catalog::SyncOutcome::running; });
}

boost::json::object render_background(Services& services, const audit::Counts& counts) {
  const auto interval = services.config.background_interval;
  const bool due = counts.registries > 0 && !is_pass_under_way(services);
  const bool late = due && (!counts.background_seen_at ||
                            services.foundation.clock.now() - *counts.background_seen_at > 3 * interval);
  boost::json::object background{{"interval_seconds", interval.count()}, {"late", late}};
  background["seen_at"] = counts.background_seen_at ? boost::json::value(render_rfc3339(*counts.background_seen_at))
                                                    : boost::json::value(nullptr);
  return background;
}

Result<http::Response> get_summary(Services& services, const http::Request&, const Principal& who) {
  const auto counts = services.activity.count();
  const auto visible = services.catalog.count(services.catalog.visible_to(who));
  const auto namespaces = services.access.namespaces();
  const auto seen = std::count_if(namespaces->all().begin(), namespaces->all().end(),
                                  [&](const access::Namespace& ns) { return access::sees(who, ns); });
  boost::json::object summary{{"registries", counts.registries},
                              {"namespaces", seen},
                              {"repositories", visible.repositories},
                              {"tags", visible.tags},
                              {"background", render_background(services, counts)}};
  summary["users"] = who.reads_everything() ? boost::json::value(counts.users) : boost::json::value(nullptr);
  summary["groups"] = who.reads_everything() ? boost::json::value(counts.groups) : boost::json::value(nullptr);
  return http::json(summary);
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
  accounts::mount_session_routes(router, services.accounts, services.guard);
  accounts::mount_user_routes(router, services.users, services.user_sessions, services.guard);
  accounts::mount_avatar_routes(router, services.avatars, services.users, services.guard);
  accounts::mount_group_routes(router, services.groups, services.users, services.guard);
  accounts::mount_preference_routes(router, services.preferences, services.guard);
  access::mount_namespace_routes(router, services.namespaces, services.guard);
  access::mount_explain_routes(router, services.access, services.guard);
  access::mount_what_if_routes(router, services.what_if, services.guard);
  access::mount_simulation_routes(router, services.simulation, services.guard);
  access::mount_part_routes(router, services.namespaces, services.users, services.groups, services.guard);
  access::mount_settings_routes(router, services.settings, services.guard);
  registries::mount_routes(
      router, services.registries, services.guard, services.facts, services.foundation.clock,
      [&services](RegistryId id) { return services.access.find_pause(id); },
      [&services](RegistryId id) { return catalog::render_sync_state(services.catalog.sync_state(id)); },
      [&services](boost::json::object& rendered, RegistryId id) {
        catalog::add_totals(rendered, services.catalog.totals(id));
      },
      [&services](const registries::Registry& registry) { return services.examine(registry); });
  registries::mount_notification_secret_routes(router, services.registries, services.notification_secrets,
                                               services.guard, services.facts);
  hooks::mount_routes(router, services.webhooks, services.guard);
  catalog::mount_routes(router, {services.catalog, services.access, services.namespaces, services.guard});
  removal::mount_routes(router,
                        {.catalog = services.catalog,
                         .access = services.access,
                         .namespaces = services.namespaces,
                         .registries = services.registries,
                         .trash = services.trash,
                         .retention = services.retention,
                         .windows = services.windows,
                         .remover = services.remover,
                         .restorer = services.restorer,
                         .trash_kept = [&services] { return trash_kept(services); },
                         .clock = services.foundation.clock},
                        services.guard);
  catalog::mount_sync_routes(router, services.sync, services.guard, [&services] { services.wake_background(); });
  catalog::mount_notification_routes(router, services.inbox, services.notification_secrets,
                                     [&services] { services.applier.wake(); });

  router.add(Method::get, "/api/v1/instance",
             http::anybody([&services](const Request& request) { return get_instance(services, request); }));
  router.add(Method::get, "/.well-known/jwks.json",
             http::anybody([&services](const Request&) { return get_jwks(services.signing_key); }));
  router.add(Method::get, "/api/v1/summary",
             services.guard.signed_in([&services](const Request& request, const Principal& who) {
               return get_summary(services, request, who);
             }));
  mount_activity_routes(router, services);
  mount_decision_routes(router, services);
  mount_live_routes(router, services);
  mount_statistics_routes(router, services);
}

}  // namespace spectacles::app
