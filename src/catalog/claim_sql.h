// Who passes over a registry: a row that one process at a time holds, and how the last pass ended. A holder that dies
// loses its claim when it runs out. Functions throw db::Error.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "catalog/repository.h"
#include "db/session.h"

namespace spectacles::catalog {

struct Claim {
  RegistryId registry;
  std::string holder;                  // a random id of the process
  std::optional<Time> started_before;  // when the pass before began: what an abandoned claim goes back to
};

struct ClaimTerms {
  std::string holder;
  Time now;
  std::chrono::milliseconds lasts;
  Time due_before;  // a pass that began after this one is recent enough
};

std::string_view render_sync_outcome(SyncOutcome outcome);

// Takes the registry if nobody holds it and it is due or asked for, or if its holder let the claim run out.
std::optional<Claim> try_claim(db::Session& session, RegistryId registry, const ClaimTerms& terms);

// Whether the claim is still held; it then lasts until `until`. In a transaction this also keeps others from taking it
// before the transaction ends.
bool renew_claim(db::Session& session, const Claim& claim, Time until, const SyncProgress& progress);

// Asks for a pass as soon as possible, also if one is under way. `confirm_removals` lets go the brake at the end of the
// next complete pass. False when there is no such registry, or nothing to confirm.
bool request_pass(db::Session& session, RegistryId registry, Time now, bool confirm_removals);

// Ends the pass: `outcome` is complete, partial or failed.
void finish_claim(db::Session& session, const Claim& claim, SyncOutcome outcome, const std::string& detail, Time now);

// Gives the registry back as if the pass had not begun.
void abandon_claim(db::Session& session, const Claim& claim);

SyncState load_sync_state(db::Session& session, RegistryId registry, Time now);
std::map<RegistryId, SyncState> load_sync_states(db::Session& session, Time now);  // of those with a pass or claim

}  // namespace spectacles::catalog
