#include "catalog/worker.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <list>
#include <thread>

#include "base/log.h"
#include "base/synced.h"
#include "crypto/random.h"

namespace spectacles::catalog {
namespace {

void log_end(const registries::Registry& registry, const SyncResult& result) {
  if (result.outcome == SyncOutcome::complete) {
    log::debug("background: pass complete", {{"registry", registry.name.str()}});
  } else {
    log::warn("background: pass not complete", {{"registry", registry.name.str()},
                                                {"outcome", render_sync_outcome(result.outcome)},
                                                {"reason", result.detail}});
  }
  if (result.brake) {
    log::warn("background: much vanished at once, and stays until somebody confirms its removal",
              {{"registry", registry.name.str()},
               {"repositories", result.brake->repositories},
               {"tags", result.brake->tags}});
  }
}

}  // namespace

class SyncWorker::Engine {
 public:
  Engine(SyncStore& store, TokenSource tokens, std::optional<crypto::PublicKey> own_key, WorkerOptions options)
      : store_(store),
        passes_(store, std::move(tokens), std::move(own_key), options.passes),
        options_(options),
        holder_(crypto::random_token()) {}

  void start() {
    scheduler_ = std::jthread([this](const std::stop_token& stop) { schedule(stop); });
  }

  void wake() {
    news_.lock()->asked = true;
    wake_.notify_all();
  }

  void stop() {
    scheduler_.request_stop();
    if (scheduler_.joinable()) scheduler_.join();
  }

 private:
  // What ends the scheduler's wait.
  struct News {
    bool asked = false;
    bool pass_ended = false;
  };

  struct Running {
    const Claim claim;
    std::atomic<bool> done = false;
    std::jthread thread{};

    explicit Running(Claim claim_) : claim(std::move(claim_)) {}
  };

  void schedule(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      try {
        std::erase_if(running_, [](const Running& running) { return running.done.load(); });
        begin_due();
      } catch (const std::exception& fault) {
        log::error("background: the database fails, trying again", {{"reason", fault.what()}});
      }
      wait(stop);
    }
    for (auto& running : running_) running.thread.request_stop();
    running_.clear();  // joins
  }

  void wait(const std::stop_token& stop) {
    auto news = news_.lock();
    wake_.wait_for(news.lock(), stop, options_.poll, [&] { return news->asked || news->pass_ended; });
    *news = {};
  }

  // Those that have waited longest first, so that a few that always hang do not keep the others from their turn.
  void begin_due() {
    const Time now = store_.now();
    auto [all, states] = store_.load_overview();
    std::stable_sort(all.begin(), all.end(), [&](const auto& left, const auto& right) {
      return states[left.id].started_at < states[right.id].started_at;
    });
    for (const auto& registry : all) {
      if (running_.size() >= options_.at_once) return;
      if (!is_running(registry.id) && may_be_due(states[registry.id], now)) begin(registry, now);
    }
  }

  bool is_running(RegistryId registry) const {
    return std::any_of(running_.begin(), running_.end(),
                       [&](const Running& r) { return r.claim.registry == registry; });
  }

  bool may_be_due(const SyncState& state, Time now) const {
    if (state.outcome == SyncOutcome::running) return false;
    return state.requested_at || state.is_abandoned || !state.started_at ||
           *state.started_at <= now - options_.interval;
  }

  // Does nothing when another process was quicker.
  void begin(const registries::Registry& registry, Time now) {
    const ClaimTerms terms{
        .holder = holder_, .now = now, .lasts = options_.passes.claim_lasts, .due_before = now - options_.interval};
    const auto claim = store_.try_claim(registry.id, terms);
    if (!claim) return;
    auto& running = running_.emplace_back(*claim);
    running.thread = std::jthread([this, registry, &running](const std::stop_token& stop) {
      if (const auto result = passes_.run(registry, running.claim, stop)) log_end(registry, *result);
      running.done = true;
      news_.lock()->pass_ended = true;
      wake_.notify_all();
    });
  }

  SyncStore& store_;
  Passes passes_;
  WorkerOptions options_;
  std::string holder_;

  Synced<News> news_;
  std::condition_variable_any wake_;
  std::list<Running> running_;  // the scheduler's own
  std::jthread scheduler_;
};

SyncWorker::SyncWorker(SyncStore& store, TokenSource tokens, std::optional<crypto::PublicKey> own_key,
                       WorkerOptions options)
    : engine_(std::make_unique<Engine>(store, std::move(tokens), std::move(own_key), options)) {}

SyncWorker::~SyncWorker() {
  stop();
}

void SyncWorker::start() {
  engine_->start();
}

void SyncWorker::wake() {
  engine_->wake();
}

void SyncWorker::stop() {
  engine_->stop();
}

}  // namespace spectacles::catalog
