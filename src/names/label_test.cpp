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
  expect_accepted<Label>({"a", "Team A", "J\xc3\xbcrgen", "\xe6\x97\xa5\xe6\x9c\xac", "<b>", "a/b",
                          std::string(128, 'a'), repeated("\xf0\x9f\x90\xb3", 128)});
}

TEST(Label, IsKeptInNormalFormC) {
  EXPECT_EQ(Label::parse("Ju\xcc\x88rgen"), Label::parse("J\xc3\xbcrgen"));
  EXPECT_TRUE(Label::parse(repeated("u\xcc\x88", 128)));
}

TEST(Label, RefusesWhatCannotBeSeen) {
  expect_refused<Label>({"", " ", " a", "a ", "a\xc2\xa0",
                         "\xc2\xa0"
                         "a",
                         "a\xe3\x80\x80", "a\n", "a\tb", "a\x1b[0m", "\x7f", std::string("a\0b", 3), "a\xe2\x80\x8b",
                         "\xe2\x80\xae"
                         "a",
                         "\xff", "a\xc3", std::string(129, 'a'), repeated("\xc3\xbc", 129)});
}

}  // namespace
}  // namespace spectacles
