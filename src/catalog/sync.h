// One pass over one registry: what it has becomes what the database says.
#pragma once

#include <string>

#include "catalog/changes_sql.h"
#include "catalog/registry_api.h"
#include "catalog/repository.h"

namespace spectacles::catalog {

struct SyncResult {
  SyncOutcome outcome = SyncOutcome::complete;  // complete, partial or failed
  std::string detail;                           // the first thing that was wrong
};

// Repositories are removed only after a complete catalog, tags only after a complete list of tags. An answer that is
// missing or incomplete removes nothing; what was read is kept. Throws ClaimLost and db::Error, and what the source of
// tokens throws; what was written until then stays.
SyncResult sync_registry(RegistryApi& api, Changes& changes, std::stop_token stop);

}  // namespace spectacles::catalog
