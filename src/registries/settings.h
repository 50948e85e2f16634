// What to write into a registry's configuration so that it sends its clients here: in the three forms that people
// paste.
#pragma once

#include <string>
#include <string_view>

#include "names/service.h"

namespace spectacles::registries {

// Where the examples put the certificate inside the registry.
inline constexpr std::string_view certificate_path = "/etc/docker/registry/spectacles.crt";

struct RegistrySettings {
  std::string realm;
  std::string service;
  std::string issuer;
  std::string certificate;  // PEM: the content of certificate_path

  std::string environment;  // lines NAME=value, values without quotes (docker run --env-file)
  std::string config_yml;   // part of config.yml
  std::string compose;      // part of a compose file
};

// `realm` is the address of the token endpoint; `issuer` must not hold line breaks.
RegistrySettings render_settings(std::string realm, const ServiceName& service, std::string issuer,
                                 std::string certificate);

}  // namespace spectacles::registries
