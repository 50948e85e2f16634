#include "hooks/courier.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "base/log.h"
#include "hooks/signature.h"

namespace spectacles::hooks {

class Courier::Engine {
 public:
  Engine(DeliveryQueue& queue, CourierOptions options) : queue_(queue), options_(options) {}

  void start() {
    threads_.reserve(options_.at_once);
    for (std::size_t i = 0; i < options_.at_once; ++i) {
      threads_.emplace_back([this, cleans = i == 0](const std::stop_token& stop) { run(cleans, stop); });
    }
  }

  void stop() {
    for (auto& thread : threads_) thread.request_stop();
    threads_.clear();  // joins
  }

 private:
  static constexpr int most_in_a_row = 50;  // to one webhook, before another has its turn
  static constexpr std::chrono::minutes clean_every{1};

  void run(bool cleans, const std::stop_token& stop) {
    auto cleaned_at = std::chrono::steady_clock::time_point{};
    while (!stop.stop_requested()) {
      bool worked = false;
      try {
        if (const auto now = std::chrono::steady_clock::now(); cleans && now - cleaned_at > clean_every) {
          queue_.clean();
          cleaned_at = now;
        }
        worked = serve_one(stop);
      } catch (const std::exception& fault) {
        log::error("webhooks: the database fails, trying again", {{"reason", fault.what()}});
      }
      if (!worked) wait(stop);
    }
  }

  void wait(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, options_.poll, [] { return false; });
  }

  bool serve_one(const std::stop_token& stop) {
    const auto claim = queue_.claim();
    if (!claim) return false;
    for (int i = 0; i < most_in_a_row && !stop.stop_requested(); ++i) {
      const auto delivery = queue_.next(*claim);
      if (!delivery || !deliver(*claim, *delivery, stop)) break;
    }
    queue_.release(*claim);
    return true;
  }

  // Whether to go on with this webhook.
  bool deliver(const HookClaim& claim, const Delivery& delivery, const std::stop_token& stop) {
    const auto timestamp = to_unix_seconds(queue_.now());
    const auto answer = post(delivery.url,
                             {{"X-Spectacles-Event", delivery.event},
                              {"X-Spectacles-Delivery", delivery.event_id},
                              {"X-Spectacles-Timestamp", std::to_string(timestamp)},
                              {"X-Spectacles-Signature", sign(delivery.secret, timestamp, delivery.body)}},
                             delivery.body, options_.limits, stop);
    if (!answer.status && stop.stop_requested()) return false;
    queue_.finish(claim, delivery, answer);
    if (!answer.is_success()) {
      log::warn("webhooks: not delivered",
                {{"webhook", claim.hook.value()}, {"status", answer.status.value_or(0)}, {"reason", answer.problem}});
    }
    return answer.is_success();
  }

  DeliveryQueue& queue_;
  CourierOptions options_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::vector<std::jthread> threads_;
};

Courier::Courier(DeliveryQueue& queue, CourierOptions options) : engine_(std::make_unique<Engine>(queue, options)) {}

Courier::~Courier() {
  stop();
}

void Courier::start() {
  engine_->start();
}

void Courier::stop() {
  engine_->stop();
}

}  // namespace spectacles::hooks
