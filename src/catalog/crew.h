// Threads that ask one registry several things at once, each over a connection of its own. What they find out comes
// back to the thread that gave the questions, which alone acts on it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "base/synced.h"
#include "catalog/registry_api.h"

namespace spectacles::catalog {

class Crew {
 public:
  using Delivery = std::function<void()>;
  // Runs on a thread of the crew; what it returns runs where deliver() is called.
  using Question = std::function<Delivery(RegistryApi&)>;
  using MakeApi = std::function<std::unique_ptr<RegistryApi>()>;

  Crew(std::size_t threads, MakeApi make_api);
  ~Crew();  // drops what nobody has begun, waits for the rest
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  void ask(Question question);

  // Questions that were asked and not delivered yet.
  std::size_t open() const { return open_; }

  // Runs what has come in, after waiting for something up to `time`. Throws what a question threw.
  void deliver(std::chrono::milliseconds time);

 private:
  struct Answered {
    Delivery delivery;
    std::exception_ptr fault;
  };
  struct State {
    std::deque<Question> questions;
    std::deque<Answered> answers;
    bool is_over = false;
  };

  void work();

  MakeApi make_api_;
  Synced<State> state_;
  std::condition_variable asked_;
  std::condition_variable answered_;
  std::size_t open_ = 0;  // the asking thread's own
  std::vector<std::thread> threads_;
};

}  // namespace spectacles::catalog
