#pragma once

#include "access/merge.h"
#include "db/session.h"

namespace spectacles::access {

// The names of the database; `session` must outlive it.
NameLookup lookup_in(db::Session& session);

}  // namespace spectacles::access
