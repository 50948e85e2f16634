#include "names/tag_pattern.h"

#include <gtest/gtest.h>

namespace spectacles {
namespace {

bool matches(const std::string& pattern, const std::string& tag) {
  return TagPattern::parse(pattern).value().matches(TagName::parse(tag).value());
}

TEST(TagPattern, MatchesWholeTagsCaseSensitively) {
  EXPECT_TRUE(matches("*", "v1.0"));
  EXPECT_TRUE(matches("v?.*", "v1.0"));
  EXPECT_TRUE(matches("Release-*", "Release-1"));
  EXPECT_FALSE(matches("release-*", "Release-1"));
  EXPECT_FALSE(matches("v1", "v1.0"));
  EXPECT_TRUE(matches("*-*-x", "a-b-c-x"));
}

TEST(TagPattern, HasOnlyCharactersOfTags) {
  for (const auto* wrong : {"", "a/b", "a b", "a:b", "ä"}) EXPECT_FALSE(TagPattern::parse(wrong)) << wrong;
  EXPECT_FALSE(TagPattern::parse(std::string(129, 'a')));
  EXPECT_TRUE(TagPattern::parse(std::string(128, 'a')));
}

}  // namespace
}  // namespace spectacles
