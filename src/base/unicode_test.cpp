#include "base/unicode.h"

#include <gtest/gtest.h>

namespace spectacles {
namespace {

TEST(ToNfc, ComposesWhatLooksEqual) {
  EXPECT_EQ(to_nfc("u\xcc\x88"), "\xc3\xbc");         // u and combining diaeresis
  EXPECT_EQ(to_nfc("\xe2\x84\xab"), "\xc3\x85");      // angstrom sign
  EXPECT_EQ(to_nfc("\xc3\xbc"), "\xc3\xbc");          // composed already
  EXPECT_EQ(to_nfc("\xef\xac\x81"), "\xef\xac\x81");  // the ligature fi stays: compatibility forms are not folded
  EXPECT_EQ(to_nfc("plain ASCII"), "plain ASCII");
  EXPECT_EQ(to_nfc(""), "");
  EXPECT_EQ(to_nfc({}), "");
  EXPECT_EQ(to_nfc(std::string_view("a\0b", 3)), std::string("a\0b", 3));
}

TEST(ToNfc, RefusesWhatIsNoUtf8) {
  for (const char* bad : {"\xff", "a\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80"}) {
    EXPECT_FALSE(to_nfc(bad)) << bad;
  }
}

TEST(CountCodePoints, CountsCharactersNotBytes) {
  EXPECT_EQ(count_code_points(""), 0U);
  EXPECT_EQ(count_code_points("abc"), 3U);
  EXPECT_EQ(count_code_points("\xc3\xbc\xe2\x82\xac\xf0\x9f\x90\xb3"), 3U);
}

TEST(HasUnprintable, FindsWhatPeopleCannotSee) {
  for (const char* bad :
       {"a\nb", "\t", "\x1b", "\x7f", "\xc2\x85", "\xc2\xad", "\xe2\x80\x8b", "\xe2\x80\x8d", "\xe2\x80\xae",
        "\xe2\x80\xa8", "\xe2\x80\xa9", "\xef\xbb\xbf", "\xee\x80\x80", "\xef\xbf\xbf", "abc\xff"}) {
    EXPECT_TRUE(has_unprintable(bad)) << bad;
  }
  EXPECT_TRUE(has_unprintable(std::string_view("a\0", 2)));
  for (const char* good : {"", "a b", "J\xc3\xbcrgen", "\xe6\x97\xa5\xe6\x9c\xac", "\xf0\x9f\x90\xb3", "\xc2\xa0"}) {
    EXPECT_FALSE(has_unprintable(good)) << good;
  }
}

TEST(PrintablePrefix, EndsBeforeTheFirstUnprintableCharacter) {
  EXPECT_EQ(printable_prefix("abc"), "abc");
  EXPECT_EQ(printable_prefix("\xc3\xbc\n\xc3\xbc"), "\xc3\xbc");
  EXPECT_EQ(printable_prefix("ab\xc3"), "ab");
  EXPECT_EQ(printable_prefix("\n"), "");
  EXPECT_EQ(printable_prefix(""), "");
}

TEST(HasOuterSpace, KnowsSpacesOfAnyWidth) {
  for (const char* bad : {" a", "a ", " ",
                          "\xc2\xa0"
                          "a",
                          "a\xc2\xa0", "a\xe3\x80\x80",
                          "\xe2\x80\x83"
                          "a"}) {
    EXPECT_TRUE(has_outer_space(bad)) << bad;
  }
  for (const char* good : {"", "a", "a b", "\xc3\xbc",
                           "a\xe3\x80\x80"
                           "b"})
    EXPECT_FALSE(has_outer_space(good)) << good;
}

}  // namespace
}  // namespace spectacles
