#include "names/ids.h"

#include <gtest/gtest.h>

#include <type_traits>
#include <unordered_set>

namespace spectacles {
namespace {

static_assert(!std::is_convertible_v<std::int64_t, AccountId> && !std::is_convertible_v<AccountId, std::int64_t>);
static_assert(!std::is_constructible_v<AccountId, GroupId>);

TEST(ParseId, TakesPositiveDecimals) {
  EXPECT_EQ(parse_id<AccountId>("1"), AccountId(1));
  EXPECT_EQ(parse_id<AccountId>("1234567890"), AccountId(1234567890));
  EXPECT_EQ(parse_id<AccountId>("9223372036854775807"), AccountId(9223372036854775807));
}

TEST(ParseId, TakesNothingElse) {
  for (const char* bad : {"", "0", "00", "01", "-1", "+1", " 1", "1 ", "1\n", "1.0", "1e3", "0x1", "x", "1x", "1/2",
                          "1%00", "9223372036854775808", "18446744073709551617", "\xd9\xa1"}) {
    EXPECT_FALSE(parse_id<AccountId>(bad)) << bad;
  }
  EXPECT_FALSE(parse_id<AccountId>(std::string_view("1\0", 2)));
  EXPECT_FALSE(parse_id<AccountId>({}));
}

TEST(Strong, ComparesAndHashesAsItsValue) {
  EXPECT_LT(AccountId(1), AccountId(2));
  EXPECT_EQ((std::unordered_set<AccountId>{AccountId(1), AccountId(2), AccountId(1)}).size(), 2U);
}

}  // namespace
}  // namespace spectacles
