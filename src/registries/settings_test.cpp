#include "registries/settings.h"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <map>
#include <sstream>

namespace spectacles::registries {
namespace {

constexpr auto realm = "https://localhost:5050/token_auth";

RegistrySettings render(const std::string& service, const std::string& issuer) {
  return render_settings(realm, ServiceName::parse(service).value(), issuer, "PEM\n");
}

std::map<std::string, std::string> read_lines(const std::string& text) {
  std::map<std::string, std::string> variables;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto equals = line.find('=');
    variables[line.substr(0, equals)] = line.substr(equals + 1);
  }
  return variables;
}

TEST(Settings, EnvironmentHasNoQuotes) {
  const auto variables = read_lines(render("Docker registry", "Auth service").environment);
  const std::map<std::string, std::string> expected{
      {"REGISTRY_STORAGE_DELETE_ENABLED", "true"},
      {"REGISTRY_AUTH", "token"},
      {"REGISTRY_AUTH_TOKEN_REALM", realm},
      {"REGISTRY_AUTH_TOKEN_SERVICE", "Docker registry"},
      {"REGISTRY_AUTH_TOKEN_ISSUER", "Auth service"},
      {"REGISTRY_AUTH_TOKEN_ROOTCERTBUNDLE", "/etc/docker/registry/spectacles.crt"},
  };
  EXPECT_EQ(variables, expected);
}

// Values that YAML would read as something else when they stood there bare.
const std::vector<std::string> awkward_values{
    "Docker registry", "true", "5000", "a: b", "- a", "# a", "it's", "*a", "ü\\n"};

TEST(Settings, ConfigYmlReadsBack) {
  for (const auto& value : awkward_values) {
    const auto config = YAML::Load(render(value, value).config_yml);
    EXPECT_TRUE(config["storage"]["delete"]["enabled"].as<bool>());
    const auto token = config["auth"]["token"];
    EXPECT_EQ(token["realm"].as<std::string>(), realm);
    EXPECT_EQ(token["service"].as<std::string>(), value);
    EXPECT_EQ(token["service"].Tag(), "!") << "a string, whatever it looks like";
    EXPECT_EQ(token["issuer"].as<std::string>(), value);
    EXPECT_EQ(token["rootcertbundle"].as<std::string>(), certificate_path);
  }
}

TEST(Settings, ComposeReadsBack) {
  for (const auto& value : awkward_values) {
    const auto registry = YAML::Load(render(value, "an \"issuer\"").compose)["services"]["registry"];
    const auto environment = registry["environment"];
    ASSERT_TRUE(environment.IsMap());
    EXPECT_EQ(environment.size(), 6U);
    EXPECT_EQ(environment["REGISTRY_AUTH_TOKEN_SERVICE"].as<std::string>(), value);
    EXPECT_EQ(environment["REGISTRY_AUTH_TOKEN_ISSUER"].as<std::string>(), "an \"issuer\"");
    EXPECT_EQ(registry["volumes"][0].as<std::string>(), "./spectacles.crt:/etc/docker/registry/spectacles.crt:ro");
  }
}

TEST(Settings, ComposeLeavesNothingToReplace) {
  const auto compose = YAML::Load(render("a $HOME b", "${c}").compose);
  const auto environment = compose["services"]["registry"]["environment"];
  EXPECT_EQ(environment["REGISTRY_AUTH_TOKEN_SERVICE"].as<std::string>(), "a $$HOME b");
  EXPECT_EQ(environment["REGISTRY_AUTH_TOKEN_ISSUER"].as<std::string>(), "$${c}");
}

// What distribution reads of an endpoint, whichever form it came in.
void check_endpoint(const YAML::Node& endpoints, const std::string& url) {
  ASSERT_EQ(endpoints.size(), 1U);
  const auto endpoint = endpoints[0];
  EXPECT_EQ(endpoint["name"].as<std::string>(), "spectacles");
  EXPECT_EQ(endpoint["url"].as<std::string>(), url);
  EXPECT_EQ(endpoint["headers"]["Authorization"][0].as<std::string>(), "Bearer s3cret");
  EXPECT_EQ(endpoint["timeout"].as<std::string>(), "5s");
  EXPECT_EQ(endpoint["threshold"].as<int>(), 3);
  EXPECT_EQ(endpoint["backoff"].as<std::string>(), "2s");
  EXPECT_EQ(endpoint["ignoredmediatypes"][0].as<std::string>(), "application/octet-stream");
  EXPECT_FALSE(endpoint["ignore"]) << "pulls are told of, too";
}

TEST(Settings, NotificationsAreInEveryForm) {
  const std::string url = "https://localhost:5050/api/v1/registries/3/notifications";
  const auto settings = render_settings(realm, ServiceName::parse("Docker registry").value(), "Auth service", "PEM\n",
                                        NotificationEndpoint{.url = url, .secret = Secret("s3cret")});
  check_endpoint(YAML::Load(settings.config_yml)["notifications"]["endpoints"], url);
  check_endpoint(YAML::Load(read_lines(settings.environment).at("REGISTRY_NOTIFICATIONS_ENDPOINTS")), url);
  const auto environment = YAML::Load(settings.compose)["services"]["registry"]["environment"];
  check_endpoint(YAML::Load(environment["REGISTRY_NOTIFICATIONS_ENDPOINTS"].as<std::string>()), url);
}

}  // namespace
}  // namespace spectacles::registries
