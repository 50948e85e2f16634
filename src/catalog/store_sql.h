// What the background needs of the database: which registries there are, who passes over them, and how that ended.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "audit/recorder.h"
#include "base/clock.h"
#include "catalog/changes_sql.h"
#include "catalog/claim_sql.h"
#include "db/database.h"
#include "registries/registry.h"

namespace spectacles::catalog {

// May be used by several threads at once. All functions throw db::Error; each is one transaction.
class SyncStore {
 public:
  SyncStore(db::Database& database, const audit::Recorder& recorder, const Clock& clock)
      : database_(database), recorder_(recorder), clock_(clock) {}

  Time now() const { return clock_.now(); }

  struct Overview {
    std::vector<registries::Registry> registries;  // by name
    std::map<RegistryId, SyncState> states;        // of those with a pass or claim
  };
  Overview load_overview();

  SyncState load_state(RegistryId registry);

  // Asks for a pass as soon as possible, and leaves an event. Refuses a registry that does not exist (not_found), and
  // to confirm removals when none wait (conflict).
  Result<void> request(const audit::Actor& actor, RegistryId registry, bool confirm_removals);

  std::optional<Claim> try_claim(RegistryId registry, const ClaimTerms& terms);
  void finish(const Claim& claim, SyncOutcome outcome, const std::string& detail);
  void abandon(const Claim& claim);

  // For one pass. `registry` must outlive it.
  Changes begin_changes(const registries::Registry& registry, const Claim& claim,
                        std::chrono::milliseconds claim_lasts);

 private:
  db::Database& database_;
  const audit::Recorder& recorder_;
  const Clock& clock_;
};

}  // namespace spectacles::catalog
