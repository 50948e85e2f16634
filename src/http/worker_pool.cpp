#include "http/worker_pool.h"

#include <sys/resource.h>

#include <utility>

namespace spectacles::http {

namespace {

constexpr int low_priority_nice = 10;

// On Linux this is about the thread that calls, not its process; and lowering is always allowed.
void lower_priority() {
  ::setpriority(PRIO_PROCESS, 0, low_priority_nice);
}

}  // namespace

WorkerPool::WorkerPool(std::size_t threads, std::size_t most_waiting, Priority priority)
    : most_waiting_(most_waiting), idle_(threads) {
  threads_.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this, priority] {
      if (priority == Priority::low) lower_priority();
      work();
    });
  }
}

WorkerPool::~WorkerPool() {
  std::deque<Job> dropped;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    dropped.swap(waiting_);
  }
  changed_.notify_all();
  dropped.clear();
  for (auto& thread : threads_) thread.join();
}

bool WorkerPool::try_run(Job job) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= most_waiting_ + idle_) return false;
    waiting_.push_back(std::move(job));
  }
  changed_.notify_one();
  return true;
}

void WorkerPool::work() {
  for (;;) {
    Job job;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
      job = std::move(waiting_.front());
      waiting_.pop_front();
      --idle_;
    }
    job();
    job = nullptr;
    const std::lock_guard lock(mutex_);
    ++idle_;
  }
}

}  // namespace spectacles::http
