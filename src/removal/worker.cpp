#include "removal/worker.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "base/log.h"

namespace spectacles::removal {
namespace {

constexpr std::chrono::minutes clears_up_every{10};
constexpr std::chrono::minutes abandoned_after{2};  // longer than a deletion waits for a registry
constexpr std::chrono::seconds rest{30};
constexpr std::size_t at_once = 20;

audit::Actor retention_actor() {
  return {.id = {}, .name = "(retention)", .address = ""};
}

}  // namespace

void Housekeeper::work(const std::stop_token& stop) {
  household_.windows.end_abandoned();
  clear_up();
  for (const auto& registry : household_.registries.list()) {
    if (stop.stop_requested()) return;
    const auto now = household_.clock.now();
    if (now < rests_until_[registry.id] || household_.access.find_pause(registry.id)) continue;
    if (const auto tended = tend(registry, stop); !tended) {
      log::warn("background: what was deleted is not settled yet",
                {{"registry", registry.name.str()}, {"reason", tended.error().text}});
      rests_until_[registry.id] = now + rest;
    }
  }
  run_retention(stop);
}

Result<void> Housekeeper::tend(const registries::Registry& registry, const std::stop_token& stop) {
  const Time before = household_.clock.now() - abandoned_after;
  for (const auto& pending : household_.trash.pending_tags(registry.id, before)) {
    if (stop.stop_requested()) return {};
    if (const auto finished = household_.remover.finish(registry, pending); !finished) return pass_on(finished);
  }
  for (const auto& entry : household_.trash.abandoned(registry.id, before, at_once)) {
    if (stop.stop_requested()) return {};
    if (const auto settled = household_.remover.settle(registry, entry); !settled) return pass_on(settled);
  }
  for (const auto& entry : household_.trash.unverified(registry.id, at_once)) {
    if (stop.stop_requested()) return {};
    if (const auto whole = household_.restorer.verify(registry, entry); !whole) return pass_on(whole);
  }
  return {};
}

void Housekeeper::clear_up() {
  const auto now = household_.clock.now();
  if (cleared_at_ && now - *cleared_at_ < clears_up_every) return;
  household_.trash.purge(now - options_.trash_kept());
  cleared_at_ = now;
}

void Housekeeper::run_retention(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto claimed = household_.retention.claim_due(household_.clock.now() + options_.retention_every);
    if (!claimed) return;
    const auto all = household_.access.namespaces();
    for (const auto& ns : all->all()) {
      if (ns.id == *claimed) household_.retention.note_run(ns.id, retain(ns, *all, stop));
    }
  }
}

RunOutcome Housekeeper::retain(const access::Namespace& ns, const access::NamespaceMap& all,
                               const std::stop_token& stop) {
  const auto now = household_.clock.now();
  RunOutcome outcome{.detail = {}, .due_at = now + options_.retention_every};
  const auto registry = household_.registries.find(ns.registry);
  if (!registry || household_.access.find_pause(ns.registry)) {
    outcome.detail = "put off: the registry is paused";
    outcome.due_at = now + options_.goes_on_after;
    return outcome;
  }
  const auto tags = household_.retention.tags(ns, all);
  const auto verdicts = plan_retention(household_.retention.load(ns.id).rules, tags, now);
  std::map<RepositoryPath, std::vector<TagTarget>> going;
  std::size_t count = 0;
  for (std::size_t i = 0; i < tags.size(); ++i) {
    if (!verdicts[i].goes) continue;
    if (count == options_.removed_at_once) {
      outcome.due_at = now + options_.goes_on_after;
      break;
    }
    ++count;
    going[tags[i].repository].push_back({tags[i].tag, tags[i].digest});
  }
  for (const auto& [repository, targets] : going) {
    const Occasion occasion{.registry = *registry,
                            .repository = repository,
                            .ns = ns.id,
                            .actor = retention_actor(),
                            .reason = "the retention rules of the namespace " + ns.name.str()};
    const auto outcomes = household_.remover.remove_tags(occasion, targets, stop);
    if (!outcomes) {
      outcome.failed += static_cast<std::int64_t>(targets.size());
      outcome.detail = outcomes.error().text;
      continue;
    }
    for (const auto& one : *outcomes) {
      // What went or moved meanwhile is none of this run's business any more.
      if (one.refusal && one.refusal->kind == RefusalKind::not_found) continue;
      if (one.refusal && one.refusal->kind == RefusalKind::stale) continue;
      ++(one.refusal ? outcome.failed : outcome.removed);
      if (one.refusal) outcome.detail = one.refusal->text;
    }
  }
  return outcome;
}

class HousekeepingWorker::Engine {
 public:
  Engine(Household household, HousekeepingOptions options)
      : poll_(options.poll), housekeeper_(household, std::move(options)) {}

  void start() {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }

  void stop() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      try {
        housekeeper_.work(stop);
      } catch (const std::exception& fault) {
        log::error("background: housekeeping fails, trying again", {{"reason", fault.what()}});
      }
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, stop, poll_, [] { return false; });
    }
  }

  const std::chrono::milliseconds poll_;
  Housekeeper housekeeper_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

HousekeepingWorker::HousekeepingWorker(Household household, HousekeepingOptions options)
    : engine_(std::make_unique<Engine>(household, std::move(options))) {}

HousekeepingWorker::~HousekeepingWorker() {
  stop();
}

void HousekeepingWorker::start() {
  engine_->start();
}

void HousekeepingWorker::stop() {
  engine_->stop();
}

}  // namespace spectacles::removal
