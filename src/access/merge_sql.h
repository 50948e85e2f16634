// Turns the names of a change into what exists.
#pragma once

#include "access/namespace.h"
#include "access/namespace_change.h"
#include "db/session.h"

namespace spectacles::access {

// Writes what `wanted` says into `ns`, names turned into ids. Refuses (invalid) the first name that does not exist, and
// a custom right that comes twice, by field ("members[1]", "claims[0].user").
Result<void> merge(db::Session& session, const NamespaceChange& wanted, Namespace& ns);

}  // namespace spectacles::access
