// One pass over one registry: what it has becomes what the database says.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "catalog/changes_sql.h"
#include "catalog/crew.h"
#include "catalog/repository.h"

namespace spectacles::catalog {

struct SyncResult {
  SyncOutcome outcome = SyncOutcome::complete;  // complete, partial or failed
  std::string detail;                           // the first thing that was wrong
  std::optional<SyncBrake> brake = {};          // what waits to be removed
};

// How to ask the registry: each thread makes an api of its own, with the tokens that all share.
struct RegistryAccess {
  std::function<std::unique_ptr<RegistryApi>(std::stop_token)> make_api;
  RegistryTokens& tokens;
  ApiLimits limits;
};

// Told how far the pass is whenever that changes, by the calling thread.
using WatchProgress = std::function<void(const SyncProgress&)>;

// What is shown is written at once, whatever else goes wrong. What is not shown counts only when every list came whole:
// a list that is missing or incomplete lets nothing go, nor brings it nearer to going (see vanished_sql.h). A manifest
// that cannot be read makes the pass partial, but its tag is shown. Throws ClaimLost and db::Error, and what the source
// of tokens throws; what was written until then stays.
SyncResult sync_registry(const RegistryAccess& access, Changes& changes, const std::stop_token& stop,
                         const WatchProgress& watch = {});

}  // namespace spectacles::catalog
