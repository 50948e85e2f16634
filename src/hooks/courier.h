// Delivers what is queued, on threads of its own. Any number of processes may run one on the same database.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>

#include "hooks/post_http.h"
#include "hooks/queue_sql.h"

namespace spectacles::hooks {

struct CourierOptions {
  std::size_t at_once = 4;               // webhooks; one that hangs keeps no other waiting
  std::chrono::milliseconds poll{1000};  // how often it looks for what is due
  PostLimits limits;
};

class Courier {
 public:
  // `queue` must outlive it.
  explicit Courier(DeliveryQueue& queue, CourierOptions options = {});
  ~Courier();  // stops
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;

  void start();
  void stop();  // ends within about a second; a delivery under way is tried again

 private:
  class Engine;
  std::unique_ptr<Engine> engine_;
};

}  // namespace spectacles::hooks
