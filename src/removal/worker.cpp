#include "removal/worker.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "base/log.h"

namespace spectacles::removal {
namespace {

constexpr std::chrono::minutes clears_up_every{10};
constexpr std::chrono::minutes pending_is_abandoned_after{2};  // longer than a deletion waits for a registry
constexpr std::chrono::hours deleting_is_abandoned_after{1};
constexpr std::chrono::seconds rest{30};
constexpr std::size_t verified_at_once = 20;

audit::Actor retention_actor() {
  return {.id = {}, .name = "(retention)", .address = ""};
}

}  // namespace

void Housekeeper::work(const std::stop_token& stop) {
  household_.windows.end_abandoned();
  clear_up();
  if (household_.clock.now() >= registries_rest_until_) {
    finish_pending(stop);
    verify_trash(stop);
  }
  run_retention(stop);
}

void Housekeeper::clear_up() {
  const auto now = household_.clock.now();
  if (cleared_at_ && now - *cleared_at_ < clears_up_every) return;
  household_.trash.settle_abandoned(now - deleting_is_abandoned_after);
  household_.trash.purge(now - options_.trash_kept());
  cleared_at_ = now;
}

std::optional<registries::Registry> Housekeeper::find_quiet(RegistryId registry) {
  if (household_.access.find_pause(registry)) return std::nullopt;
  return household_.registries.find(registry);
}

void Housekeeper::finish_pending(const std::stop_token& stop) {
  for (const auto& pending : household_.trash.pending_tags(household_.clock.now() - pending_is_abandoned_after)) {
    if (stop.stop_requested()) return;
    const auto registry = find_quiet(pending.registry);
    if (!registry) continue;
    if (const auto finished = household_.remover.finish(*registry, pending); !finished) {
      log::warn("background: a tag is not taken away yet",
                {{"repository", pending.repository.str()}, {"reason", finished.error().text}});
      registries_rest_until_ = household_.clock.now() + rest;
    }
  }
}

void Housekeeper::verify_trash(const std::stop_token& stop) {
  for (const auto& entry : household_.trash.unverified(verified_at_once)) {
    if (stop.stop_requested()) return;
    const auto registry = find_quiet(entry.registry);
    if (!registry) continue;
    if (const auto whole = household_.restorer.verify(*registry, entry); !whole) {
      log::warn("background: the trash cannot be verified",
                {{"registry", registry->name.str()}, {"reason", whole.error().text}});
      registries_rest_until_ = household_.clock.now() + rest;
      return;
    }
  }
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
  const auto registry = find_quiet(ns.registry);
  if (!registry) {
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
