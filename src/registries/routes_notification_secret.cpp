#include "registries/routes_notification_secret.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "http/response.h"
#include "registries/settings.h"

namespace spectacles::registries {
namespace {

using accounts::Principal;

Result<Registry> find_registry(RegistryStore& store, const http::Request& request) {
  const auto id = parse_id<RegistryId>(request.path_parameters.at("id"));
  auto registry = id ? store.find(*id) : std::nullopt;
  if (!registry) return refuse(RefusalKind::not_found, "there is no such registry");
  return std::move(*registry);
}

http::Response answer(const Registry& registry, Secret secret, const ServerFacts& server,
                      const http::Request& request) {
  const auto base = server.public_url().value_or(request.origin() + server.web_root);
  const NotificationEndpoint endpoint{
      .url = fmt::format("{}/api/v1/registries/{}/notifications", base, registry.id.value()),
      .secret = std::move(secret)};
  const auto settings = render_settings(realm_of(server, request), registry.service, server.issuer,
                                        server.signing_key.certificate.to_pem(), endpoint);
  return http::json(
      boost::json::object{{"realm", settings.realm},
                          {"service", settings.service},
                          {"issuer", settings.issuer},
                          {"certificate", settings.certificate},
                          {"environment", settings.environment},
                          {"config_yml", settings.config_yml},
                          {"compose", settings.compose},
                          {"notifications", {{"url", endpoint.url}, {"secret", endpoint.secret.reveal()}}}});
}

}  // namespace

void mount_notification_secret_routes(http::Router& router, RegistryStore& store, NotificationSecrets& secrets,
                                      const accounts::Guard& guard, const ServerFacts& server) {
  router.add(http::Method::get, "/api/v1/registries/{id}/settings",
             guard.administrator([&](const http::Request& request, const Principal&) -> Result<http::Response> {
               const auto registry = find_registry(store, request);
               if (!registry) return pass_on(registry);
               auto secret = secrets.find(registry->id);
               if (!secret) return refuse(RefusalKind::not_found, "there is no such registry");
               return answer(*registry, std::move(*secret), server, request);
             }));
  router.add(http::Method::post, "/api/v1/registries/{id}/notification-secret",
             guard.administrator([&](const http::Request& request, const Principal& who) -> Result<http::Response> {
               const auto registry = find_registry(store, request);
               if (!registry) return pass_on(registry);
               auto secret = secrets.rotate(accounts::actor_of(who, request), registry->id);
               if (!secret) return pass_on(secret);
               return answer(*registry, std::move(*secret), server, request);
             }));
}

}  // namespace spectacles::registries
