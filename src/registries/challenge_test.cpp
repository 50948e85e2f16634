#include "registries/challenge.h"

#include <gtest/gtest.h>

namespace spectacles::registries {
namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

TEST(Challenge, OfARegistry) {
  const auto parsed =
      parse_challenges(R"(Bearer realm="https://auth.example.org/token_auth",service="Docker registry")");
  ASSERT_TRUE(parsed);
  ASSERT_EQ(parsed->size(), 1U);
  EXPECT_EQ(parsed->front().scheme, "bearer");
  EXPECT_EQ(*parsed->front().find("realm"), "https://auth.example.org/token_auth");
  EXPECT_EQ(*parsed->front().find("service"), "Docker registry");
  EXPECT_EQ(parsed->front().find("scope"), nullptr);
}

TEST(Challenge, QuotedPairsStandForTheirSecondCharacter) {
  const auto parsed = parse_challenges(R"(Bearer service="\"Docker \\ registry\"")");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(*parsed->front().find("service"), R"("Docker \ registry")");
}

TEST(Challenge, SeveralInOneField) {
  // The example of RFC 9110, section 11.6.1.
  const auto parsed = parse_challenges(
      R"(Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\"", Negotiate, Old YWJj==)");
  ASSERT_TRUE(parsed);
  const std::vector<Challenge> expected{
      {"basic", Parameters{{"realm", "simple"}}},
      {"newauth", Parameters{{"realm", "apps"}, {"type", "1"}, {"title", R"(Login to "apps")"}}},
      {"negotiate", {}},
      {"old", {}},
  };
  EXPECT_EQ(*parsed, expected);
}

TEST(Challenge, SpacesAndEmptyElements) {
  const auto parsed = parse_challenges(" , BEARER  Realm = \"a\" ,, Service\t=\tb , ");
  ASSERT_TRUE(parsed);
  const std::vector<Challenge> expected{{"bearer", Parameters{{"realm", "a"}, {"service", "b"}}}};
  EXPECT_EQ(*parsed, expected);
}

TEST(Challenge, CommaInsideQuotesSeparatesNothing) {
  const auto parsed = parse_challenges(R"(Bearer realm="a, Basic realm=b",service="s")");
  ASSERT_TRUE(parsed);
  ASSERT_EQ(parsed->size(), 1U);
  EXPECT_EQ(*parsed->front().find("realm"), "a, Basic realm=b");
}

TEST(Challenge, Malformed) {
  for (const std::string bad : {
           "Bearer realm=\"open",
           "Bearer realm=\"a\" service=\"b\"",
           "Bearer realm=\"a\"x",
           "Bearer realm=\"a\\",
           "Bearer realm=\"a\nb\"",
           "Bearer realm=\"a\",realm=\"b\"",
           "=a",
           "\"Bearer\"",
       }) {
    EXPECT_FALSE(parse_challenges(bad)) << bad;
  }
  EXPECT_FALSE(parse_challenges("Bearer realm=\"" + std::string(9000, 'a') + '"'));
}

TEST(Challenge, NothingIsNoChallenge) {
  ASSERT_TRUE(parse_challenges(""));
  EXPECT_TRUE(parse_challenges("")->empty());
}

}  // namespace
}  // namespace spectacles::registries
