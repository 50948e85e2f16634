#include "catalog/worker.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <list>
#include <set>
#include <thread>
#include <utility>

#include "base/log.h"
#include "base/synced.h"
#include "catalog/sync.h"
#include "crypto/random.h"

namespace spectacles::catalog {

class SyncWorker::Engine {
 public:
  Engine(SyncStore& store, TokenSource tokens, std::optional<crypto::PublicKey> own_key, WorkerOptions options)
      : store_(store),
        tokens_(std::move(tokens)),
        own_key_(std::move(own_key)),
        options_(options),
        holder_(crypto::random_token()) {}

  void start() {
    scheduler_ = std::jthread([this](const std::stop_token& stop) { schedule(stop); });
  }

  void sync_now() {
    news_.lock()->all_due = true;
    wake_.notify_all();
  }

  void stop() {
    scheduler_.request_stop();
    if (scheduler_.joinable()) scheduler_.join();
  }

 private:
  // What ends the scheduler's wait.
  struct News {
    bool all_due = false;
    bool pass_ended = false;
  };

  struct Running {
    Claim claim;
    Time renewed_at;
    std::atomic<bool> done = false;
    std::jthread thread{};

    Running(Claim claim_, Time now) : claim(std::move(claim_)), renewed_at(now) {}
  };

  void schedule(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      try {
        look_after_running();
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
    wake_.wait_for(news.lock(), stop, options_.poll, [&] { return news->all_due || news->pass_ended; });
    everything_due_ = everything_due_ || news->all_due;
    *news = {};
  }

  void look_after_running() {
    std::erase_if(running_, [](const Running& running) { return running.done.load(); });
    const Time now = store_.now();
    for (auto& running : running_) {
      if (now - running.renewed_at < options_.claim_lasts / 3) continue;
      const bool held = store_.renew(running.claim, now + options_.claim_lasts);
      if (!held) running.thread.request_stop();
      running.renewed_at = now;
    }
  }

  // Those that have waited longest first, so that a few that always hang do not keep the others from their turn.
  void begin_due() {
    const Time now = store_.now();
    auto [all, states] = store_.load_overview();
    if (std::exchange(everything_due_, false)) {
      for (const auto& registry : all) asked_for_.insert(registry.id);
    }
    std::stable_sort(all.begin(), all.end(), [&](const auto& left, const auto& right) {
      return states[left.id].started_at < states[right.id].started_at;
    });
    for (const auto& registry : all) {
      if (running_.size() >= options_.at_once) return;
      if (!is_running(registry.id) && may_be_due(registry.id, states[registry.id], now)) begin(registry, now);
    }
  }

  bool is_running(RegistryId registry) const {
    return std::any_of(running_.begin(), running_.end(),
                       [&](const Running& r) { return r.claim.registry == registry; });
  }

  bool may_be_due(RegistryId registry, const SyncState& state, Time now) const {
    if (state.outcome == SyncOutcome::running) return false;
    return asked_for_.contains(registry) || state.is_abandoned || !state.started_at ||
           *state.started_at <= now - options_.interval;
  }

  // Does nothing when another process was quicker.
  void begin(const registries::Registry& registry, Time now) {
    const ClaimTerms terms{.holder = holder_,
                           .now = now,
                           .lasts = options_.claim_lasts,
                           .due_before = asked_for_.contains(registry.id) ? now : now - options_.interval};
    const auto claim = store_.try_claim(registry.id, terms);
    if (!claim) return;
    asked_for_.erase(registry.id);
    auto& running = running_.emplace_back(*claim, now);
    running.thread = std::jthread([this, registry, &running](const std::stop_token& stop) {
      pass(registry, running.claim, stop);
      running.done = true;
      news_.lock()->pass_ended = true;
      wake_.notify_all();
    });
  }

  void pass(const registries::Registry& registry, const Claim& claim, const std::stop_token& stop) {
    try {
      const auto result = sync(registry, claim, stop);
      if (stop.stop_requested()) {
        store_.abandon(claim);
        return;
      }
      finish(registry, claim, result);
    } catch (const ClaimLost& lost) {
      log::info("background: pass ended", {{"registry", registry.name.str()}, {"reason", lost.what()}});
    } catch (const std::exception& fault) {
      log::error("background: pass failed", {{"registry", registry.name.str()}, {"reason", fault.what()}});
      give_up(registry, claim);
    }
  }

  void give_up(const registries::Registry& registry, const Claim& claim) {
    try {
      finish(registry, claim, {SyncOutcome::failed, "a fault of this server: its log says more"});
    } catch (const std::exception&) {  // the database is gone: the claim runs out by itself
    }
  }

  SyncResult sync(const registries::Registry& registry, const Claim& claim, const std::stop_token& stop) {
    RegistryApi api(registry, own_key_, tokens_, options_.limits, stop);
    auto changes = store_.begin_changes(registry, claim, options_.claim_lasts);
    return sync_registry(api, changes, stop);
  }

  void finish(const registries::Registry& registry, const Claim& claim, const SyncResult& result) {
    store_.finish(claim, result.outcome, result.detail);
    const auto outcome = render_sync_outcome(result.outcome);
    if (result.outcome == SyncOutcome::complete) {
      log::debug("background: pass complete", {{"registry", registry.name.str()}});
    } else {
      log::warn("background: pass not complete",
                {{"registry", registry.name.str()}, {"outcome", outcome}, {"reason", result.detail}});
    }
  }

  SyncStore& store_;
  TokenSource tokens_;
  std::optional<crypto::PublicKey> own_key_;
  WorkerOptions options_;
  std::string holder_;

  Synced<News> news_;
  std::condition_variable_any wake_;
  bool everything_due_ = false;  // from here on: the scheduler's own
  std::set<RegistryId> asked_for_;
  std::list<Running> running_;
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

void SyncWorker::sync_now() {
  engine_->sync_now();
}

void SyncWorker::stop() {
  engine_->stop();
}

}  // namespace spectacles::catalog
