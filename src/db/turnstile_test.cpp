#include "db/turnstile.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace spectacles::db {
namespace {

using namespace std::chrono_literals;

TEST(TurnstileTest, LetsInAsManyAsItHasPlaces) {
  Turnstile turnstile(2);
  EXPECT_TRUE(turnstile.enter(0ms));
  EXPECT_TRUE(turnstile.enter(0ms));
  EXPECT_FALSE(turnstile.enter(1ms));
  turnstile.leave();
  EXPECT_TRUE(turnstile.enter(0ms));
}

TEST(TurnstileTest, WhoGaveUpIsNotLetIn) {
  Turnstile turnstile(1);
  EXPECT_TRUE(turnstile.enter(0ms));
  std::thread([&] { EXPECT_FALSE(turnstile.enter(5ms)); }).join();
  turnstile.leave();
  EXPECT_TRUE(turnstile.enter(0ms));
}

TEST(TurnstileTest, KeepsTheOrderOfArrival) {
  Turnstile turnstile(1);
  ASSERT_TRUE(turnstile.enter(0ms));
  std::vector<int> order;
  {
    std::vector<std::jthread> waiting;
    for (int i = 0; i < 5; ++i) {
      waiting.emplace_back([&, i] {
        EXPECT_TRUE(turnstile.enter(10s));
        order.push_back(i);  // only one is inside at a time
        turnstile.leave();
      });
      std::this_thread::sleep_for(30ms);  // so that they arrive in this order
    }
    turnstile.leave();
  }
  EXPECT_EQ(order, (std::vector{0, 1, 2, 3, 4}));
}

}  // namespace
}  // namespace spectacles::db
