#include "base/page.h"

#include <gtest/gtest.h>

namespace spectacles {
namespace {

TEST(Sortable, ComparesAsNumbersDo) {
  EXPECT_LT(sortable(-5), sortable(-4));
  EXPECT_LT(sortable(-1), sortable(0));
  EXPECT_LT(sortable(9), sortable(10));
  EXPECT_LT(sortable(10), sortable(INT64_MAX));
  EXPECT_LT(sortable(INT64_MIN), sortable(-5));
}

TEST(ComesBefore, TurnsOnlyTheFirstPartRound) {
  using Key = std::vector<std::string>;
  EXPECT_TRUE(comes_before(Key{"a", "z"}, Key{"b", "a"}, {"x", false}));
  EXPECT_FALSE(comes_before(Key{"a", "z"}, Key{"b", "a"}, {"x", true}));
  EXPECT_TRUE(comes_before(Key{"a", "a"}, Key{"a", "z"}, {"x", true}));
  EXPECT_FALSE(comes_before(Key{"a", "a"}, Key{"a", "a"}, {"x", true}));
}

}  // namespace
}  // namespace spectacles
