#include "names/label.h"

#include "names/names_test.h"

namespace spectacles {
namespace {

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

TEST(Label, AcceptsWhatPeopleCallThings) {
  expect_accepted<Label>(
      {"a", "Team A", "J\u00fcrgen", "\u65e5\u672c", "<b>", "a/b", std::string(128, 'a'), repeated("\U0001f433", 128)});
}

TEST(Label, IsKeptInNormalFormC) {
  EXPECT_EQ(Label::parse("Ju\u0308rgen"), Label::parse("J\u00fcrgen"));
  EXPECT_TRUE(Label::parse(repeated("u\u0308", 128)));
}

TEST(Label, RefusesWhatCannotBeSeen) {
  expect_refused<Label>({"", " ", " a", "a ", "a\u00a0", "\u00a0a", "a\u3000", "a\n", "a\tb", "a\x1b[0m", "\x7f",
                         std::string("a\0b", 3), "a\u200b", "\u202ea", "\xff", "a\xc3", std::string(129, 'a'),
                         repeated("\u00fc", 129)});
}

}  // namespace
}  // namespace spectacles
