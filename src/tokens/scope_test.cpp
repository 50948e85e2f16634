#include "tokens/scope.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spectacles::tokens {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

RequestedAccess parse(const std::vector<std::string>& values, const std::string& host = "localhost:5000") {
  return parse_scopes(values, RegistryHost::parse(host).value());
}

RepositoryScope repository(const std::string& path, ActionSet actions) {
  return {RepositoryPath::parse(path).value(), actions};
}

constexpr ActionSet pull{Action::pull};
constexpr ActionSet push{Action::push};

void expect_nothing(const std::string& scope) {
  EXPECT_EQ(parse({scope}), RequestedAccess{}) << scope;
}

TEST(Scope, NamesARepositoryAndActions) {
  EXPECT_THAT(parse({"repository:team/app:pull"}).repositories, ElementsAre(repository("team/app", pull)));
  EXPECT_THAT(parse({"repository:app:push,pull"}).repositories, ElementsAre(repository("app", pull | push)));
  EXPECT_THAT(parse({"repository:app:delete"}).repositories, ElementsAre(repository("app", {Action::del})));
  EXPECT_FALSE(parse({"repository:app:pull"}).catalog);
}

TEST(Scope, SplitsParametersAndSpaces) {
  const auto access = parse({"repository:a:pull  repository:b:push ", "", " ", "repository:c:pull"});
  EXPECT_THAT(access.repositories, ElementsAre(repository("a", pull), repository("b", push), repository("c", pull)));
  EXPECT_EQ(parse({}), RequestedAccess{});
}

TEST(Scope, DropsTheClass) {
  EXPECT_THAT(parse({"repository(plugin):team/app:pull"}).repositories, ElementsAre(repository("team/app", pull)));
  for (const auto* scope :
       {"repository(:a:pull", "repository():a:pull", "repository(plugin:a:pull", "repository(plugin)x:a:pull",
        "repository)plugin(:a:pull", "repository(a)(b):a:pull", "(plugin):a:pull", "repository(PLUGIN):a:pull"}) {
    expect_nothing(scope);
  }
}

TEST(Scope, ScopesOfOneRepositoryAreOneEntry) {
  const auto access = parse({"repository:a:pull repository:b:pull", "repository:a:push,push", "repository(x):a:pull",
                             "repository:localhost:5000/b:push"});
  EXPECT_THAT(access.repositories, ElementsAre(repository("a", pull | push), repository("b", pull | push)));
}

TEST(Scope, UnknownActionsAreDropped) {
  EXPECT_THAT(parse({"repository:a:,pull,,admin,PUSH"}).repositories, ElementsAre(repository("a", pull)));
  for (const auto* scope : {"repository:a:", "repository:a:,", "repository:a:admin", "repository:a:PULL",
                            "repository:a:Pull", "repository:a:pull;push", "repository:a:**"}) {
    expect_nothing(scope);
  }
}

TEST(Scope, AStarAsksForEverything) {
  EXPECT_THAT(parse({"repository:a:*"}).repositories, ElementsAre(repository("a", ActionSet::all())));
  EXPECT_THAT(parse({"repository:a:pull,*"}).repositories, ElementsAre(repository("a", ActionSet::all())));
  expect_nothing("repository:*:pull");
  expect_nothing("*");
  expect_nothing("repository:*:*");
  expect_nothing("*:*:*");
}

TEST(Scope, TheCatalogIsAskedForLiterally) {
  EXPECT_TRUE(parse({"registry:catalog:*"}).catalog);
  EXPECT_THAT(parse({"registry:catalog:*"}).repositories, IsEmpty());
  EXPECT_TRUE(parse({"repository:a:pull registry:catalog:*"}).catalog);
  for (const auto* scope : {"registry:catalog:pull", "registry:catalog:", "registry:catalog:*,*", "registry:Catalog:*",
                            "registry:catalogs:*", "registry:_catalog:*", "registry:a/catalog:*", "Registry:catalog:*",
                            "repository:_catalog:*"}) {
    expect_nothing(scope);
  }
}

TEST(Scope, OnlyTheRegistrysOwnHostIsDropped) {
  EXPECT_THAT(parse({"repository:localhost:5000/a/b:pull"}).repositories, ElementsAre(repository("a/b", pull)));
  EXPECT_THAT(parse({"repository:registry.example.org/a:pull"}, "registry.example.org").repositories,
              ElementsAre(repository("a", pull)));
  for (const auto* scope :
       {"repository:localhost:5001/a:pull", "repository:elsewhere:5000/a:pull", "repository:localhost:5000:pull",
        "repository:localhost:5000/:pull", "repository:localhost:5000//a:pull", "repository:localhost:50000/a:pull",
        "repository:localhost:5000/localhost:5000/a:pull", "repository:x/localhost:5000/a:pull",
        "repository:LOCALHOST:5000/a:pull", "repository:localhost:/a:pull", "repository::5000/a:pull"}) {
    expect_nothing(scope);
  }
  EXPECT_THAT(parse({"repository:elsewhere.org/a:pull"}).repositories, ElementsAre(repository("elsewhere.org/a", pull)))
      << "without a port it is a path like any other";
}

TEST(Scope, BadNamesAskForNothing) {
  for (const auto* name : {"",         "a___b", "a..b", "a._b",   "-a",    "a-",       "_a",       "a.",
                           "/a",       "a/",    "a//b", "a/../b", "a/./b", "a%2fb",    "_catalog", "Team/app",
                           "team/App", "a b",   "a\tb", "a\\b",   "a:b",   "a@sha256", "\xc3\xa4", "a\xff"}) {
    expect_nothing(std::string("repository:") + name + ":pull");
  }
  expect_nothing("repository:" + std::string(256, 'a') + ":pull");
  expect_nothing(std::string("repository:a\0b:pull", 19));
  for (const auto* name : {"a--b", "a__b", "a_b", "a.b", "a---b/c", "0"}) {
    EXPECT_THAT(parse({std::string("repository:") + name + ":pull"}).repositories, ElementsAre(repository(name, pull)));
  }
  const std::string longest(255, 'a');
  EXPECT_THAT(parse({"repository:" + longest + ":pull"}).repositories, ElementsAre(repository(longest, pull)));
}

TEST(Scope, OtherTypesAndMalformedScopesAskForNothing) {
  for (const auto* scope : {":", "::", ":::", "repository", "repository:", "repository:a", "repository::", "a:pull",
                            ":a:pull", "image:a:pull", "Repository:a:pull", "registry:a:pull",
                            "repository:a:pull:", "repositoryx:a:pull", "plugin:a:pull"}) {
    expect_nothing(scope);
  }
}

TEST(Scope, AMalformedScopeDoesNotHarmTheOthers) {
  const auto access = parse({"repository:A:pull ::: repository:b:pull"});
  EXPECT_THAT(access.repositories, ElementsAre(repository("b", pull)));
}

TEST(Scope, ThousandsOfScopes) {
  std::string of_one;
  std::string of_many;
  for (int i = 0; i < 2000; ++i) {
    of_one += "repository:a:pull ";
    of_many += "repository:r" + std::to_string(i) + ":pull ";
  }
  EXPECT_EQ(parse({of_one}).repositories.size(), 1U);
  const auto many = parse({of_many, of_many});
  ASSERT_EQ(many.repositories.size(), 2000U);
  EXPECT_EQ(many.repositories.front().path.str(), "r0") << "in the order of first mention";
  EXPECT_EQ(many.repositories.back().path.str(), "r1999");
}

}  // namespace
}  // namespace spectacles::tokens
