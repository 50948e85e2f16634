#include "audit/decision_keeper.h"

#include "base/log.h"

namespace spectacles::audit {

void DecisionKeeper::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void DecisionKeeper::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void DecisionKeeper::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const bool more = keep_some();
    std::unique_lock lock(mutex_);
    stopped_.wait_for(lock, stop, more ? options_.pause : options_.looks_every, [] { return false; });
  }
}

bool DecisionKeeper::keep_some() {
  try {
    const bool settled = settler_.settle_some();
    return retention_.remove_some() || settled;
  } catch (const std::exception& fault) {
    log::warn("old decisions could not be moved or removed, trying again later", {{"reason", fault.what()}});
    return false;
  }
}

}  // namespace spectacles::audit
