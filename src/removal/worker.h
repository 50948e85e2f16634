// The background of deletions: runs the rules of retention, ends windows that nobody closes, asks what of the trash is
// still there, finishes what processes that died have begun. Any number of processes may run one.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "access/store_sql.h"
#include "registries/store_sql.h"
#include "removal/gc_windows_sql.h"
#include "removal/remover.h"
#include "removal/restorer.h"
#include "removal/retention_sql.h"

namespace spectacles::removal {

struct HousekeepingOptions {
  std::chrono::milliseconds poll{2000};
  std::chrono::seconds retention_every{3600};
  std::size_t removed_at_once = 100;                // tags of a namespace in one run
  std::chrono::seconds goes_on_after{60};           // when a run has left some
  std::function<std::chrono::days()> trash_kept{};  // how long entries of the trash are kept
};

// What it works with; all must outlive it.
struct Household {
  access::AccessStore& access;
  registries::RegistryStore& registries;
  TrashStore& trash;
  RetentionStore& retention;
  GcWindows& windows;
  Remover& remover;
  Restorer& restorer;
  const Clock& clock;
};

// One round of all chores, as far as they are due.
class Housekeeper {
 public:
  Housekeeper(Household household, HousekeepingOptions options) : household_(household), options_(std::move(options)) {}

  void work(const std::stop_token& stop);

 private:
  void clear_up();
  // What deletions have left at a registry that is not paused; refuses (unavailable) when it does not answer.
  Result<void> tend(const registries::Registry& registry, const std::stop_token& stop);
  void run_retention(const std::stop_token& stop);
  RunOutcome retain(const access::Namespace& ns, const access::NamespaceMap& all, const std::stop_token& stop);

  Household household_;
  HousekeepingOptions options_;
  std::optional<Time> cleared_at_;
  std::map<RegistryId, Time> rests_until_;  // those that did not answer
};

class HousekeepingWorker {
 public:
  HousekeepingWorker(Household household, HousekeepingOptions options);
  ~HousekeepingWorker();  // stops
  HousekeepingWorker(const HousekeepingWorker&) = delete;
  HousekeepingWorker& operator=(const HousekeepingWorker&) = delete;

  void start();
  void stop();

 private:
  class Engine;
  std::unique_ptr<Engine> engine_;
};

}  // namespace spectacles::removal
