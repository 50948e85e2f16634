// Applies what registries told of, on a thread of its own: at once what came to this process, soon what came to another
// one and was left there.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "catalog/inbox_sql.h"

namespace spectacles::catalog {

class Applier {
 public:
  using Learn = std::function<void(std::vector<Pushed>)>;

  // `learn` is given what was pushed and is not known yet. `poll` is how often it looks for what came to others.
  // `inbox` must outlive it.
  Applier(Inbox& inbox, Learn learn, std::chrono::milliseconds poll = std::chrono::milliseconds(500));
  ~Applier();  // stops
  Applier(const Applier&) = delete;
  Applier& operator=(const Applier&) = delete;

  void start();
  void wake();  // something has come; returns at once
  void stop();  // ends after what it is about to apply

 private:
  class Engine;
  std::unique_ptr<Engine> engine_;
};

}  // namespace spectacles::catalog
