#include "app/readiness.h"

#include "base/log.h"

namespace spectacles::app {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

Readiness::Readiness(db::Database& database) : database_(database) {
  ask();
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

bool Readiness::database_answers() const {
  const auto answered = answered_.load(std::memory_order_relaxed);
  return answered != SteadyClock::time_point{} && SteadyClock::now() - answered < 5s;
}

void Readiness::ask() {
  try {
    database_.read([](db::Session& session) { session.rows<std::int64_t>("select 1"); });
    answered_.store(SteadyClock::now(), std::memory_order_relaxed);
  } catch (const std::exception& error) {
    log::debug("the database does not answer", {{"reason", error.what()}});
  }
}

void Readiness::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stopping_.wait_for(lock, stop, 1s, [&] { return stop.stop_requested(); })) ask();
}

}  // namespace spectacles::app
