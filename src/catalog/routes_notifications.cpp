#include "catalog/routes_notifications.h"

#include "base/ascii.h"

namespace spectacles::catalog {
namespace {

// What the Authorization header shows; a secret that is none when it shows nothing.
Secret bearer_of(const http::Request& request) {
  constexpr std::string_view scheme = "bearer ";
  const auto header = request.header("authorization").value_or("");
  if (to_lower(std::string_view(header).substr(0, scheme.size())) != scheme) return Secret();
  return Secret(header.substr(scheme.size()));
}

// The policy of these routes: whoever knows the secret of the registry in the path. A registry that does not exist and
// a wrong secret are one answer.
http::Guarded by_registry(registries::NotificationSecrets& secrets,
                          std::function<Result<http::Response>(const http::Request&, RegistryId)> handler) {
  return {"a registry",
          [&secrets, handler = std::move(handler)](const http::Request& request) -> Result<http::Response> {
            const auto id = parse_id<RegistryId>(request.path_parameters.at("id"));
            if (!secrets.is_of(id, bearer_of(request))) {
              return refuse(RefusalKind::unauthenticated,
                            "this is only for the registry itself, with the secret of its notifications");
            }
            return handler(request, *id);
          }};
}

bool is_json(const std::string& media_type) {
  return media_type == "application/json" || (media_type.starts_with("application/") && media_type.ends_with("+json"));
}

}  // namespace

void mount_notification_routes(http::Router& router, Inbox& inbox, registries::NotificationSecrets& secrets,
                               std::function<void()> kept) {
  const auto receive = [&inbox, kept = std::move(kept)](const http::Request& request,
                                                        RegistryId registry) -> Result<http::Response> {
    if (!is_json(request.media_type())) {
      return refuse(RefusalKind::unsupported,
                    "the body is application/vnd.docker.distribution.events.v1+json, or other JSON of this form");
    }
    const auto notifications = parse_notifications(request.body, inbox.now());
    if (!notifications) return pass_on(notifications);
    inbox.keep(registry, *notifications);
    kept();
    return http::no_content();
  };
  router.add(http::Method::post, "/api/v1/registries/{id}/notifications", by_registry(secrets, receive));
}

}  // namespace spectacles::catalog
