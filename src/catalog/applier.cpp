#include "catalog/applier.h"

#include <condition_variable>
#include <thread>

#include "base/log.h"
#include "base/synced.h"

namespace spectacles::catalog {

class Applier::Engine {
 public:
  Engine(Inbox& inbox, Learn learn, std::chrono::milliseconds poll)
      : inbox_(inbox), learn_(std::move(learn)), poll_(poll) {}

  void start() {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }

  void wake() {
    *has_come_.lock() = true;
    wake_.notify_all();
  }

  void stop() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  static constexpr std::chrono::minutes clean_every{1};

  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      try {
        apply_all(stop);
        clean();
      } catch (const std::exception& fault) {
        log::error("notifications: not applied, trying again", {{"reason", fault.what()}});
      }
      auto has_come = has_come_.lock();
      wake_.wait_for(has_come.lock(), stop, poll_, [&] { return *has_come; });
      *has_come = false;
    }
  }

  void apply_all(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      auto applied = inbox_.apply_some();
      if (!applied) return;
      if (!applied->pushed.empty()) learn_(std::move(applied->pushed));
    }
  }

  void clean() {
    const auto now = std::chrono::steady_clock::now();
    if (now - cleaned_at_ < clean_every) return;
    cleaned_at_ = now;
    inbox_.clean();
  }

  Inbox& inbox_;
  const Learn learn_;
  const std::chrono::milliseconds poll_;
  Synced<bool> has_come_{false};
  std::condition_variable_any wake_;
  std::chrono::steady_clock::time_point cleaned_at_{};
  std::jthread thread_;
};

Applier::Applier(Inbox& inbox, Learn learn, std::chrono::milliseconds poll)
    : engine_(std::make_unique<Engine>(inbox, std::move(learn), poll)) {}

Applier::~Applier() {
  stop();
}

void Applier::start() {
  engine_->start();
}

void Applier::wake() {
  engine_->wake();
}

void Applier::stop() {
  engine_->stop();
}

}  // namespace spectacles::catalog
