#include "app/routes.h"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <map>

#include "db/test_folder.h"

namespace spectacles::app {
namespace {

// "GET /users/{id}" and whether it needs no session.
using Operations = std::map<std::string, bool>;

constexpr std::string_view api_root = "/api/v1";

Operations described() {
  const auto document = YAML::LoadFile(std::string(SPECTACLES_SOURCE_DIR) + "/api/openapi.yaml");
  Operations operations;
  for (const auto& path : document["paths"]) {
    for (const auto* method : {"get", "post", "put", "patch", "delete"}) {
      const auto operation = path.second[method];
      if (!operation) continue;
      std::string name(method);
      for (auto& c : name) c = static_cast<char>(c - 'a' + 'A');
      const auto security = operation["security"];
      operations[name + " " + path.first.as<std::string>()] = security && security.size() == 0;
    }
  }
  return operations;
}

registries::SigningKey make_key() {
  const auto key = crypto::PrivateKey::generate_p256();
  return {.key = key,
          .certificate = crypto::Certificate::self_signed(key, "spectacles", SystemClock().now()),
          .libtrust_id = "libtrust",
          .rfc7638_id = "thumbprint"};
}

class RoutesTest : public testing::Test {
 protected:
  RoutesTest() { mount_all(router_, services_); }

  static Config config_in(const std::filesystem::path& folder) {
    Config config;
    config.data_dir = folder;
    config.database = folder / "db" / "spectacles.db";
    config.issuer = "Auth service";
    return config;
  }

  http::Response ask(http::Method method, const std::string& path) const {
    http::Request request;
    request.method = method;
    request.path = path;
    request.host = "here";
    request.id = "id-1";
    return router_.handle(request);
  }

  db::TestFolder folder_;
  Config config_ = config_in(folder_.path());
  registries::SigningKey key_ = make_key();
  Services services_{config_, key_};
  http::Router router_;
};

TEST_F(RoutesTest, AreThoseOfTheDescription) {
  Operations mounted;
  for (const auto& route : router_.routes()) {
    if (!route.pattern.starts_with(api_root)) continue;
    const auto name = std::string(http::render_method(route.method)) + " " + route.pattern.substr(api_root.size());
    mounted[name] = route.policy == "anybody";
  }
  const auto expected = described();
  ASSERT_FALSE(expected.empty());
  for (const auto& [name, open] : expected) {
    const auto at = mounted.find(name);
    if (at == mounted.end()) {
      ADD_FAILURE() << name << " is described and not mounted";
    } else {
      EXPECT_EQ(at->second, open) << name << ": `security: []` and the policy \"anybody\" belong together";
    }
  }
  for (const auto& [name, open] : mounted) {
    EXPECT_TRUE(expected.contains(name)) << name << " is mounted and not described";
  }
}

TEST_F(RoutesTest, AskForASessionUnlessTheyAreOpen) {
  for (const auto& route : router_.routes()) {
    if (route.policy == "anybody") continue;
    auto path = route.pattern;
    if (const auto at = path.find("{id}"); at != std::string::npos) path.replace(at, 4, "1");
    EXPECT_EQ(ask(route.method, path).status, 401) << http::render_method(route.method) << " " << path;
  }
}

TEST_F(RoutesTest, BesideTheApiAreTokensAndKeys) {
  std::set<std::string> beside;
  for (const auto& route : router_.routes()) {
    if (route.pattern.starts_with(api_root)) continue;
    beside.insert(route.pattern);
    EXPECT_EQ(route.policy, "anybody") << route.pattern;
  }
  EXPECT_EQ(beside, (std::set<std::string>{"/.well-known/jwks.json", "/auth", "/auth/token", "/token_auth"}));
  const auto keys = ask(http::Method::get, "/.well-known/jwks.json").body;
  EXPECT_NE(keys.find("libtrust"), std::string::npos);
  EXPECT_NE(keys.find("thumbprint"), std::string::npos);
  EXPECT_EQ(keys.find("\"d\""), std::string::npos) << "the private half";
}

TEST_F(RoutesTest, WhatDoesNotExistBelowTheApiIsAProblem) {
  EXPECT_EQ(ask(http::Method::get, "/api/v1/nothing").status, 404);
  EXPECT_EQ(ask(http::Method::put, "/api/v1/users").status, 405);
  EXPECT_EQ(ask(http::Method::get, "/api/v1/instance").status, 200);
}

}  // namespace
}  // namespace spectacles::app
