// Lets a limited number in at once, and the others in the order in which they came.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>

namespace spectacles::db {

class Turnstile {
 public:
  explicit Turnstile(int places) : free_(places) {}

  // Waits for a place; false when there was none within `timeout`. Who got one must leave().
  bool enter(std::chrono::milliseconds timeout);
  void leave();

 private:
  struct Waiting {
    std::condition_variable called;
    bool let_in = false;
  };

  std::mutex mutex_;
  int free_;
  std::deque<Waiting*> queue_;
};

}  // namespace spectacles::db
