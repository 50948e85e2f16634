#include "names/pattern.h"

#include <chrono>

#include "names/names_test.h"

namespace spectacles {
namespace {

Pattern pattern(std::string_view text) {
  return Pattern::parse(text).value();
}

// The definition, word for word; slow where there are many '*'.
bool matches_by_definition(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() == '*') {
    for (std::size_t taken = 0; taken <= text.size(); ++taken) {
      if (matches_by_definition(pattern.substr(1), text.substr(taken))) return true;
    }
    return false;
  }
  return !text.empty() && (pattern.front() == '?' || pattern.front() == text.front()) &&
         matches_by_definition(pattern.substr(1), text.substr(1));
}

// Every text of at most `longest` characters of `alphabet`.
std::vector<std::string> all_texts(std::string_view alphabet, std::size_t longest) {
  std::vector<std::string> texts{""};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].size() == longest) break;
    for (const char c : alphabet) texts.push_back(texts[i] + c);
  }
  return texts;
}

TEST(Pattern, AcceptsItsGrammar) {
  expect_accepted<Pattern>({"*", "?", "**", "a", "tools-*", "a/b", "*/x", "a.b_c-d", "0", std::string(255, '*')});
}

TEST(Pattern, RefusesWhatIsOutsideOfIt) {
  expect_refused<Pattern>({"", "A", "[a]", "{a,b}", "a|b", "^a", "a:b", "a,b", "(a)", std::string(256, 'a')});
  expect_refused<Pattern>(disguises_of("tools-*"));
  expect_refused<Pattern>({"\u0430*", "\uff0a", "\u2217"});  // Cyrillic a, other asterisks
}

TEST(Pattern, MatchesTheWholeRest) {
  EXPECT_TRUE(pattern("app").matches("app"));
  for (const char* other : {"ap", "apps", "xapp", "app/", "a", ""})
    EXPECT_FALSE(pattern("app").matches(other)) << other;
}

TEST(Pattern, StarCrossesSlashes) {
  for (const char* rest : {"a", "a/b", "a/b/c", ""}) EXPECT_TRUE(pattern("*").matches(rest)) << rest;
  EXPECT_TRUE(pattern("tools-*").matches("tools-"));
  EXPECT_TRUE(pattern("tools-*").matches("tools-x/y"));
  EXPECT_FALSE(pattern("tools-*").matches("tools"));
  EXPECT_TRUE(pattern("*/x").matches("a/b/x"));
  EXPECT_FALSE(pattern("*/x").matches("x"));
}

TEST(Pattern, QuestionMarkIsExactlyOneCharacter) {
  EXPECT_TRUE(pattern("a?c").matches("abc"));
  EXPECT_TRUE(pattern("a?c").matches("a/c"));
  EXPECT_FALSE(pattern("a?c").matches("ac"));
  EXPECT_FALSE(pattern("a?c").matches("abbc"));
  EXPECT_FALSE(pattern("?").matches(""));
}

TEST(Pattern, DotsAndDashesStandForThemselves) {
  EXPECT_FALSE(pattern("a.c").matches("abc"));
  EXPECT_TRUE(pattern("a.c").matches("a.c"));
}

TEST(Pattern, AgreesWithItsDefinitionOnASmallWorld) {
  const auto texts = all_texts("a/", 5);
  for (const auto& form : all_texts("a/*?", 5)) {
    if (form.empty()) continue;
    const auto parsed = pattern(form);
    for (const auto& text : texts) {
      ASSERT_EQ(parsed.matches(text), matches_by_definition(form, text)) << form << " on " << text;
    }
  }
}

TEST(Pattern, PathologicalPatternsTakeNoTime) {
  std::string many_stars;
  for (int i = 0; i < 127; ++i) many_stars += "a*";
  const std::string text(255, 'a');
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 100; ++i) {
    EXPECT_FALSE(pattern(many_stars + 'b').matches(text));
    EXPECT_FALSE(pattern(std::string(254, '*') + 'b').matches(text));
    EXPECT_FALSE(pattern('*' + std::string(127, 'a') + 'b').matches(text));
    EXPECT_TRUE(pattern(many_stars).matches(text));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST(Pattern, MoreLiteralsAreMoreSpecificThenFewerStars) {
  const char* ascending[] = {"**", "*", "a*", "?a", "*aa*", "aa*", "aa?", "tools-*", "tools-x*"};
  for (std::size_t i = 0; i + 1 < std::size(ascending); ++i) {
    EXPECT_LE(pattern(ascending[i]).specificity(), pattern(ascending[i + 1]).specificity()) << ascending[i];
  }
  EXPECT_LT(pattern("**").specificity(), pattern("*").specificity());
  EXPECT_LT(pattern("a*").specificity(), pattern("a?").specificity());
  EXPECT_LT(pattern("*abc").specificity(), pattern("abcd").specificity());
  EXPECT_EQ(pattern("a*").specificity(), pattern("*b").specificity());
  EXPECT_EQ(pattern("?").specificity(), pattern("??").specificity());
}

}  // namespace
}  // namespace spectacles
