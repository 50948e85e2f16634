#include "http/worker_pool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <future>
#include <memory>

namespace spectacles::http {
namespace {

TEST(WorkerPool, RefusesWhatIsOneTooMany) {
  std::promise<void> gate;
  auto opened = gate.get_future().share();
  std::promise<void> started;
  std::atomic<int> ran = 0;
  {
    WorkerPool pool(1, 2);
    ASSERT_TRUE(pool.try_run([&, opened] {
      started.set_value();
      opened.wait();
      ++ran;
    }));
    started.get_future().wait();
    std::promise<void> last;
    EXPECT_TRUE(pool.try_run([&] { ++ran; }));
    EXPECT_TRUE(pool.try_run([&] { last.set_value(); }));
    EXPECT_FALSE(pool.try_run([&] { ran += 100; }));
    gate.set_value();
    last.get_future().wait();
    EXPECT_EQ(ran, 2);
  }
}

TEST(WorkerPool, WithoutAQueueStillUsesItsThreads) {
  WorkerPool pool(1, 0);
  std::promise<void> done;
  ASSERT_TRUE(pool.try_run([&] { done.set_value(); }));
  done.get_future().wait();
}

TEST(WorkerPool, LowersThePriorityOfItsOwnThreadsOnly) {
  const auto nice_in = [](WorkerPool::Priority priority) {
    WorkerPool pool(1, 1, priority);
    std::promise<int> nice;
    EXPECT_TRUE(pool.try_run([&] { nice.set_value(::getpriority(PRIO_PROCESS, 0)); }));
    return nice.get_future().get();
  };
  const int here = ::getpriority(PRIO_PROCESS, 0);
  EXPECT_EQ(nice_in(WorkerPool::Priority::normal), here);
  EXPECT_GE(nice_in(WorkerPool::Priority::low), std::max(here, 10));
  EXPECT_EQ(::getpriority(PRIO_PROCESS, 0), here);
}

TEST(WorkerPool, DropsWhatWaitsWhenItEnds) {
  auto kept = std::make_shared<int>(0);
  std::promise<void> started;
  std::promise<void> gate;
  auto pool = std::make_unique<WorkerPool>(1, 4);
  ASSERT_TRUE(pool->try_run([&] {
    started.set_value();
    gate.get_future().wait();
  }));
  started.get_future().wait();
  ASSERT_TRUE(pool->try_run([kept] { ++*kept; }));
  std::thread ending([&] { pool.reset(); });
  while (kept.use_count() > 1) std::this_thread::yield();
  gate.set_value();
  ending.join();
  EXPECT_EQ(*kept, 0);
}

}  // namespace
}  // namespace spectacles::http
