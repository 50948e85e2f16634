// What was granted lately, as the log of decisions knows it.
#pragma once

#include <vector>

#include "access/affected.h"
#include "access/simulate.h"
#include "db/session.h"

namespace spectacles::access {

// What the token endpoint has granted since then in the affected namespaces and to the affected accounts; of equal
// grants the last. Nothing of catalogs.
std::vector<Use> find_uses(db::Session& session, const Affected& affected, Time since);

}  // namespace spectacles::access
