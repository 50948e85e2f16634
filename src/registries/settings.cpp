#include "registries/settings.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace spectacles::registries {
namespace {

using Variables = std::vector<std::pair<std::string_view, std::string_view>>;

Variables list_variables(const RegistrySettings& settings) {
  return {{"REGISTRY_STORAGE_DELETE_ENABLED", "true"},     {"REGISTRY_AUTH", "token"},
          {"REGISTRY_AUTH_TOKEN_REALM", settings.realm},   {"REGISTRY_AUTH_TOKEN_SERVICE", settings.service},
          {"REGISTRY_AUTH_TOKEN_ISSUER", settings.issuer}, {"REGISTRY_AUTH_TOKEN_ROOTCERTBUNDLE", certificate_path}};
}

// A double-quoted scalar of YAML 1.2 (section 7.3.1): the quotes are never part of the value.
std::string quote_yaml(std::string_view value) {
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

// Compose replaces $NAME in values; $$ stands for one $.
std::string escape_compose(std::string_view value) {
  std::string escaped;
  for (const char c : value) {
    if (c == '$') escaped += '$';
    escaped += c;
  }
  return escaped;
}

std::string render_environment(const Variables& variables) {
  std::string lines;
  for (const auto& [name, value] : variables) lines += fmt::format("{}={}\n", name, value);
  return lines;
}

std::string render_config_yml(const RegistrySettings& settings) {
  return fmt::format(
      "storage:\n"
      "  delete:\n"
      "    enabled: true\n"
      "auth:\n"
      "  token:\n"
      "    realm: {}\n"
      "    service: {}\n"
      "    issuer: {}\n"
      "    rootcertbundle: {}\n",
      quote_yaml(settings.realm), quote_yaml(settings.service), quote_yaml(settings.issuer), certificate_path);
}

// The variables as a map: in a list ("- NAME=value") quotes around a value would become part of it.
std::string render_compose(const Variables& variables) {
  std::string text =
      "services:\n"
      "  registry:\n"
      "    environment:\n";
  for (const auto& [name, value] : variables) {
    text += fmt::format("      {}: {}\n", name, quote_yaml(escape_compose(value)));
  }
  text += fmt::format(
      "    volumes:\n"
      "      - ./spectacles.crt:{}:ro\n",
      certificate_path);
  return text;
}

}  // namespace

RegistrySettings render_settings(std::string realm, const ServiceName& service, std::string issuer,
                                 std::string certificate) {
  RegistrySettings settings{.realm = std::move(realm),
                            .service = service.str(),
                            .issuer = std::move(issuer),
                            .certificate = std::move(certificate),
                            .environment = {},
                            .config_yml = {},
                            .compose = {}};
  const auto variables = list_variables(settings);
  settings.environment = render_environment(variables);
  settings.config_yml = render_config_yml(settings);
  settings.compose = render_compose(variables);
  return settings;
}

}  // namespace spectacles::registries
