#include "base/unicode.h"

#include <gtest/gtest.h>

namespace spectacles {
namespace {

TEST(ToNfc, ComposesWhatLooksEqual) {
  EXPECT_EQ(to_nfc("u\u0308"), "\u00fc");  // u and combining diaeresis
  EXPECT_EQ(to_nfc("\u212b"), "\u00c5");   // angstrom sign
  EXPECT_EQ(to_nfc("\u00fc"), "\u00fc");   // composed already
  EXPECT_EQ(to_nfc("\ufb01"), "\ufb01");   // the ligature fi stays: compatibility forms are not folded
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
  EXPECT_EQ(count_code_points("\u00fc\u20ac\U0001f433"), 3U);
}

TEST(HasUnprintable, FindsWhatPeopleCannotSee) {
  for (const char* bad : {"a\nb", "\t", "\x1b", "\x7f", "\xc2\x85", "\u00ad", "\u200b", "\u200d", "\u202e", "\u2028",
                          "\u2029", "\ufeff", "\ue000", "\uffff", "abc\xff"}) {
    EXPECT_TRUE(has_unprintable(bad)) << bad;
  }
  EXPECT_TRUE(has_unprintable(std::string_view("a\0", 2)));
  for (const char* good : {"", "a b", "J\u00fcrgen", "\u65e5\u672c", "\U0001f433", "\u00a0"}) {
    EXPECT_FALSE(has_unprintable(good)) << good;
  }
}

TEST(PrintablePrefix, EndsBeforeTheFirstUnprintableCharacter) {
  EXPECT_EQ(printable_prefix("abc"), "abc");
  EXPECT_EQ(printable_prefix("\u00fc\n\u00fc"), "\u00fc");
  EXPECT_EQ(printable_prefix("ab\xc3"), "ab");
  EXPECT_EQ(printable_prefix("\n"), "");
  EXPECT_EQ(printable_prefix(""), "");
}

TEST(HasOuterSpace, KnowsSpacesOfAnyWidth) {
  for (const char* bad : {" a", "a ", " ", "\u00a0a", "a\u00a0", "a\u3000", "\u2003a"}) {
    EXPECT_TRUE(has_outer_space(bad)) << bad;
  }
  for (const char* good : {"", "a", "a b", "\u00fc", "a\u3000b"}) EXPECT_FALSE(has_outer_space(good)) << good;
}

}  // namespace
}  // namespace spectacles
