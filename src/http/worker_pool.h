// Threads that run what may block, behind a queue of bounded length.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace spectacles::http {

class WorkerPool {
 public:
  using Job = std::function<void()>;

  // How the system shares the processors out while they are all busy: to low ones about a tenth of a share, which is
  // enough to get on, and not enough to make others wait.
  enum class Priority { normal, low };

  // `most_waiting`: how many jobs may wait while all threads are busy.
  WorkerPool(std::size_t threads, std::size_t most_waiting, Priority priority = Priority::normal);
  // Waits for the jobs that run, and drops those that wait.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // Takes the job, which must not throw; false when too many are waiting already.
  bool try_run(Job job);

 private:
  void work();

  const std::size_t most_waiting_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> waiting_;
  std::size_t idle_ = 0;  // threads that no waiting job is meant for yet
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace spectacles::http
