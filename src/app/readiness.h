// Whether this process can do its work now: the database answers. Asked for in the background, so that telling it waits
// for nothing, also when everything else does.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "db/database.h"

namespace spectacles::app {

class Readiness {
 public:
  // Asks at once, then each second until destruction. `database` must outlive this.
  explicit Readiness(db::Database& database);
  Readiness(const Readiness&) = delete;
  Readiness& operator=(const Readiness&) = delete;

  // Whether the database answered within the last five seconds.
  bool database_answers() const;

 private:
  void ask();
  void run(const std::stop_token& stop);

  db::Database& database_;
  std::atomic<std::chrono::steady_clock::time_point> answered_{};  // the last time
  std::mutex mutex_;
  std::condition_variable_any stopping_;
  std::jthread thread_;  // last: stops before what it uses goes
};

}  // namespace spectacles::app
