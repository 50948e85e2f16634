// Reads the world from the database.
#pragma once

#include <vector>

#include "access/world.h"
#include "db/session.h"

namespace spectacles::access {

// Everything; `namespaces` are given, or read as well.
World load_world(db::Session& session);
World load_world(db::Session& session, std::vector<Namespace> namespaces);

}  // namespace spectacles::access
