// Which repositories change hands when a namespace comes or goes.
#pragma once

#include <vector>

#include "access/namespaces_sql.h"
#include "db/session.h"

namespace spectacles::access {

// If a namespace of this name came into being: the known repositories that it covers and no namespace inside it does.
std::vector<Move> moves_into(db::Session& session, RegistryId registry, const NamespaceName& name);

// If `ns` went: those that it decides on.
std::vector<Move> moves_out_of(db::Session& session, const Namespace& ns);

}  // namespace spectacles::access
