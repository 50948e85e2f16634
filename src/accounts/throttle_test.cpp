#include "accounts/throttle.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace spectacles::accounts {
namespace {

class ThrottleTest : public testing::Test {
 protected:
  // How many of `tries` failures are let pass.
  int failures(int tries, const std::string& account, const std::string& address) {
    int passed = 0;
    for (int i = 0; i < tries; ++i) passed += throttle_.begin(account, address) ? 1 : 0;
    return passed;
  }

  static int burst(const Throttle::Limit& limit) { return static_cast<int>(limit.burst); }

  ManualClock clock_{from_millis(1'000'000)};
  Throttle throttle_{clock_};
};

TEST_F(ThrottleTest, AnAccountIsGuessedAtSoOftenOnly) {
  EXPECT_EQ(failures(1000, "alice", ""), burst(Throttle::per_account));
  EXPECT_EQ(failures(1, "bob", ""), 1) << "others are not touched";
  const auto refused = throttle_.begin("alice", "192.0.2.1");
  EXPECT_EQ(refused.error().kind, RefusalKind::too_many);
  EXPECT_GT(refused.error().retry_after_seconds, 0);
  clock_.advance(std::chrono::seconds(refused.error().retry_after_seconds));
  EXPECT_EQ(failures(10, "alice", ""), 1);
}

TEST_F(ThrottleTest, AnAddressGuessesSoOftenOnly) {
  int passed = 0;
  for (int i = 0; i < 1000; ++i) passed += failures(1, "user" + std::to_string(i), "192.0.2.1");
  EXPECT_EQ(passed, burst(Throttle::per_address));
  EXPECT_EQ(failures(1, "alice", "192.0.2.2"), 1);
}

TEST_F(ThrottleTest, AddressesOfOneNetworkOfIpv6AreOne) {
  int passed = 0;
  for (int i = 0; i < 1000; ++i) passed += failures(1, "", "2001:db8:1:2::" + std::to_string(i));
  EXPECT_EQ(passed, burst(Throttle::per_address));
  EXPECT_EQ(failures(1, "", "2001:db8:1:3::1"), 1);
}

TEST_F(ThrottleTest, ManyAddressesTogetherGuessSoOftenOnly) {
  int passed = 0;
  for (int i = 0; i < 10000; ++i) passed += failures(1, "user" + std::to_string(i), "10.0.0." + std::to_string(i));
  EXPECT_EQ(passed, burst(Throttle::in_all));
}

TEST_F(ThrottleTest, WhoKnowsThePasswordIsNeverSlowedDown) {
  for (int i = 0; i < 10000; ++i) {
    ASSERT_TRUE(throttle_.begin("alice", "192.0.2.1"));
    throttle_.succeeded("alice", "192.0.2.1");
  }
}

TEST_F(ThrottleTest, TriesSideBySideLoseNoCount) {
  std::atomic<int> passed = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] {
        for (int j = 0; j < 50; ++j) passed += throttle_.begin("alice", "192.0.2.1") ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(passed, burst(Throttle::per_account));
}

TEST_F(ThrottleTest, AClockThatGoesBackForgetsNothingAndLocksNobodyOut) {
  failures(10, "alice", "");
  clock_.advance(std::chrono::hours(-5));
  EXPECT_EQ(failures(1000, "alice", ""), burst(Throttle::per_account) - 10);
  clock_.advance(std::chrono::minutes(20));
  EXPECT_EQ(failures(1, "alice", ""), 1);
}

}  // namespace
}  // namespace spectacles::accounts
