#include "base/waiting.h"

#include <gtest/gtest.h>

#include <thread>

namespace spectacles {
namespace {

TEST(Waiting, IsForbiddenOnlyWhereAndWhileSomebodySaidSo) {
  EXPECT_NO_THROW(before_waiting());
  {
    const MustNotWait outer;
    { const MustNotWait inner; }
    EXPECT_THROW(before_waiting(), WouldWait);
    std::jthread([] { EXPECT_NO_THROW(before_waiting()); });
  }
  EXPECT_NO_THROW(before_waiting());
}

}  // namespace
}  // namespace spectacles
