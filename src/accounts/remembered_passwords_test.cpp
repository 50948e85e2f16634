#include "accounts/remembered_passwords.h"

#include <gtest/gtest.h>

namespace spectacles::accounts {
namespace {

class RememberedPasswordsTest : public testing::Test {
 protected:
  RememberedPasswordsTest() { remembered_.remember(alice_, "hash", Secret("correct horse")); }

  const AccountId alice_{1};
  ManualClock clock_{from_millis(1'000'000)};
  RememberedPasswords remembered_{clock_};
};

TEST_F(RememberedPasswordsTest, KnowsThisPasswordOfThisAccountAndHashOnly) {
  EXPECT_TRUE(remembered_.knows(alice_, "hash", Secret("correct horse")));
  EXPECT_FALSE(remembered_.knows(alice_, "hash", Secret("correct horsf")));
  EXPECT_FALSE(remembered_.knows(alice_, "hash", Secret("")));
  EXPECT_FALSE(remembered_.knows(alice_, "other", Secret("correct horse")));
  EXPECT_FALSE(remembered_.knows(AccountId(2), "hash", Secret("correct horse")));
  EXPECT_FALSE(remembered_.knows(alice_, "has", Secret(std::string("h\0correct horse", 15))));
}

TEST_F(RememberedPasswordsTest, ForgetsAfterMinutes) {
  clock_.advance(RememberedPasswords::lifetime - std::chrono::milliseconds(1));
  EXPECT_TRUE(remembered_.knows(alice_, "hash", Secret("correct horse")));
  clock_.advance(std::chrono::milliseconds(1));
  EXPECT_FALSE(remembered_.knows(alice_, "hash", Secret("correct horse")));
}

TEST_F(RememberedPasswordsTest, TheLatestPasswordReplacesTheOneBefore) {
  remembered_.remember(alice_, "new hash", Secret("battery staple"));
  EXPECT_FALSE(remembered_.knows(alice_, "hash", Secret("correct horse")));
  EXPECT_TRUE(remembered_.knows(alice_, "new hash", Secret("battery staple")));
}

TEST(RememberedPasswords, OfTwoProcessesShareNothing) {
  ManualClock clock(from_millis(0));
  RememberedPasswords one(clock);
  const RememberedPasswords other(clock);
  one.remember(AccountId(1), "hash", Secret("correct horse"));
  EXPECT_FALSE(other.knows(AccountId(1), "hash", Secret("correct horse")));
}

}  // namespace
}  // namespace spectacles::accounts
