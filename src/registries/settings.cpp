#include "registries/settings.h"

#include <fmt/format.h>

#include <array>
#include <utility>
#include <vector>

namespace spectacles::registries {
namespace {

using Variables = std::vector<std::pair<std::string_view, std::string>>;

// Layers and what else is a blob: most of what a registry would tell of, and of no use here.
constexpr std::array<std::string_view, 4> ignored_types{
    "application/octet-stream", "application/vnd.docker.image.rootfs.diff.tar.gzip",
    "application/vnd.oci.image.layer.v1.tar+gzip", "application/vnd.oci.image.layer.v1.tar+zstd"};

// How patient a registry is: what it could not tell it tells again after a pause, in order, until it could.
constexpr std::string_view notification_timeout = "5s";
constexpr int notification_threshold = 3;
constexpr std::string_view notification_backoff = "2s";

// A double-quoted scalar of YAML 1.2 (section 7.3.1): the quotes are never part of the value.
std::string quote_yaml(std::string_view value) {
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

// The list of endpoints as one line: an environment variable of a registry is read as YAML, which JSON is part of.
std::string render_endpoints(const NotificationEndpoint& endpoint) {
  std::string types;
  for (const auto type : ignored_types) types += fmt::format("{}\"{}\"", types.empty() ? "" : ",", type);
  return fmt::format(
      R"([{{"name":"spectacles","url":{},"headers":{{"Authorization":["Bearer {}"]}},"timeout":"{}","threshold":{},)"
      R"("backoff":"{}","ignoredmediatypes":[{}]}}])",
      quote_yaml(endpoint.url), endpoint.secret.reveal(), notification_timeout, notification_threshold,
      notification_backoff, types);
}

Variables list_variables(const RegistrySettings& settings, const std::optional<NotificationEndpoint>& notifications) {
  Variables variables{{"REGISTRY_STORAGE_DELETE_ENABLED", "true"},
                      {"REGISTRY_AUTH", "token"},
                      {"REGISTRY_AUTH_TOKEN_REALM", settings.realm},
                      {"REGISTRY_AUTH_TOKEN_SERVICE", settings.service},
                      {"REGISTRY_AUTH_TOKEN_ISSUER", settings.issuer},
                      {"REGISTRY_AUTH_TOKEN_ROOTCERTBUNDLE", std::string(certificate_path)}};
  if (notifications) variables.emplace_back("REGISTRY_NOTIFICATIONS_ENDPOINTS", render_endpoints(*notifications));
  return variables;
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

std::string render_notifications(const NotificationEndpoint& endpoint) {
  auto text = fmt::format(
      "notifications:\n"
      "  endpoints:\n"
      "    - name: spectacles\n"
      "      url: {}\n"
      "      headers:\n"
      "        Authorization: [\"Bearer {}\"]\n"
      "      timeout: {}\n"
      "      threshold: {}\n"
      "      backoff: {}\n"
      "      ignoredmediatypes:\n",
      quote_yaml(endpoint.url), endpoint.secret.reveal(), notification_timeout, notification_threshold,
      notification_backoff);
  for (const auto type : ignored_types) text += fmt::format("        - {}\n", type);
  return text;
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
                                 std::string certificate, const std::optional<NotificationEndpoint>& notifications) {
  RegistrySettings settings{.realm = std::move(realm),
                            .service = service.str(),
                            .issuer = std::move(issuer),
                            .certificate = std::move(certificate),
                            .environment = {},
                            .config_yml = {},
                            .compose = {}};
  const auto variables = list_variables(settings, notifications);
  settings.environment = render_environment(variables);
  settings.config_yml = render_config_yml(settings);
  if (notifications) settings.config_yml += render_notifications(*notifications);
  settings.compose = render_compose(variables);
  return settings;
}

}  // namespace spectacles::registries
