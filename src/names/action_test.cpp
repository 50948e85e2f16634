#include "names/action.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spectacles {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Action, IsFoundByItsExactName) {
  EXPECT_EQ(find_action("pull"), Action::pull);
  EXPECT_EQ(find_action("push"), Action::push);
  EXPECT_EQ(find_action("delete"), Action::del);
  for (const char* other : {"", "*", "Pull", "PUSH", "pull ", " pull", "del", "pull,push", "pul", "pulll"}) {
    EXPECT_FALSE(find_action(other)) << other;
  }
  EXPECT_FALSE(find_action(std::string_view("pull\0", 5)));
}

TEST(ActionSet, NamesComeInOneOrder) {
  EXPECT_THAT((ActionSet{Action::del, Action::push, Action::pull}).names(), ElementsAre("pull", "push", "delete"));
  EXPECT_THAT(ActionSet().names(), IsEmpty());
  EXPECT_EQ((ActionSet{Action::push, Action::pull, Action::push}).str(), "pull,push");
  EXPECT_EQ(ActionSet().str(), "");
  EXPECT_EQ(ActionSet::all().str(), "pull,push,delete");
}

// All eight sets, against sets of bits.
TEST(ActionSet, IsASet) {
  const auto set_of = [](unsigned bits) {
    ActionSet set;
    if (bits & 1U) set.add(Action::pull);
    if (bits & 2U) set.add(Action::push);
    if (bits & 4U) set.add(Action::del);
    return set;
  };
  for (unsigned left = 0; left < 8; ++left) {
    EXPECT_EQ(set_of(left).empty(), left == 0);
    EXPECT_EQ(set_of(left).has(Action::push), (left & 2U) != 0);
    for (unsigned right = 0; right < 8; ++right) {
      EXPECT_EQ(set_of(left) | set_of(right), set_of(left | right));
      EXPECT_EQ(set_of(left) & set_of(right), set_of(left & right));
      EXPECT_EQ(set_of(left) - set_of(right), set_of(left & ~right));
      EXPECT_EQ(set_of(left).contains(set_of(right)), (left & right) == right);
      EXPECT_EQ(set_of(left) == set_of(right), left == right);
    }
  }
}

}  // namespace
}  // namespace spectacles
