// What to write into a registry's configuration so that it sends its clients here: in the three forms that people
// paste.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "names/service.h"

namespace spectacles::registries {

// Where the examples put the certificate inside the registry.
inline constexpr std::string_view certificate_path = "/etc/docker/registry/spectacles.crt";

// Where a registry tells what is pushed, pulled and deleted, and by which secret it is known there.
struct NotificationEndpoint {
  std::string url;
  Secret secret;
};

struct RegistrySettings {
  std::string realm;
  std::string service;
  std::string issuer;
  std::string certificate;  // PEM: the content of certificate_path

  std::string environment;  // lines NAME=value, values without quotes (docker run --env-file)
  std::string config_yml;   // part of config.yml
  std::string compose;      // part of a compose file
};

// `realm` is the address of the token endpoint; `issuer` must not hold line breaks. With `notifications` the three
// forms hold their secret.
RegistrySettings render_settings(std::string realm, const ServiceName& service, std::string issuer,
                                 std::string certificate,
                                 const std::optional<NotificationEndpoint>& notifications = std::nullopt);

}  // namespace spectacles::registries
