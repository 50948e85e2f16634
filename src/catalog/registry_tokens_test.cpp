#include "catalog/registry_tokens.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/catalog_world.h"

namespace spectacles::catalog {
namespace {

using namespace std::chrono_literals;

class RegistryTokensTest : public testing::Test {
 protected:
  static RepositoryPath path(const std::string& name) { return RepositoryPath::parse(name).value(); }

  RegistryTokens make(std::chrono::seconds age) {
    return {registry_,
            [this](const auto&, const std::vector<RepositoryPath>& pull, bool catalog) {
              ++made_;
              return Secret(fmt::format("{}:{}-{}:{}", made_, pull.empty() ? "" : pull.front().str(),
                                        pull.empty() ? "" : pull.back().str(), catalog));
            },
            age};
  }

  World world_;
  registries::Registry registry_ = world_.add_registry("main", "http://localhost:1");
  int made_ = 0;
};

TEST_F(RegistryTokensTest, NeighboursShareOne) {
  auto tokens = make(60s);
  std::vector<RepositoryPath> names;
  for (int n = 10; n < 50; ++n) names.push_back(path("r" + std::to_string(n)));
  tokens.will_read(names);
  EXPECT_EQ(tokens.for_repository(path("r12")).reveal(), "1:r10-r25:false");
  EXPECT_EQ(tokens.for_repository(path("r25")).reveal(), "1:r10-r25:false");
  EXPECT_EQ(tokens.for_repository(path("r26")).reveal(), "2:r26-r41:false");
  EXPECT_EQ(tokens.for_repository(path("r49")).reveal(), "3:r42-r49:false");
  EXPECT_EQ(tokens.for_repository(path("other")).reveal(), "4:other-other:false");
  EXPECT_EQ(tokens.for_catalog().reveal(), "5:-:true");
  EXPECT_EQ(tokens.for_catalog().reveal(), "5:-:true");
}

TEST_F(RegistryTokensTest, WhatIsOldIsMadeAnew) {
  auto tokens = make(-1s);
  tokens.will_read({path("a")});
  EXPECT_EQ(tokens.for_repository(path("a")).reveal(), "1:a-a:false");
  EXPECT_EQ(tokens.for_repository(path("a")).reveal(), "2:a-a:false");
  EXPECT_EQ(tokens.for_catalog().reveal(), "3:-:true");
  EXPECT_EQ(tokens.for_catalog().reveal(), "4:-:true");
}

}  // namespace
}  // namespace spectacles::catalog
