// Which namespace decides on each known repository, kept beside it: repository.namespace_id and
// trash_entry.namespace_id, so that lists, counts and filters by namespace are one join. Only this file writes these
// columns. Each function takes the session of the caller's transaction, in which what it follows from changes too, and
// throws db::Error.
#pragma once

#include <optional>

#include "db/session.h"
#include "names/ids.h"
#include "names/namespace_name.h"
#include "names/repository_path.h"

namespace spectacles::access::assignment {

// For a repository that has just become known, and for what of one was just put into the trash.
void assign(db::Session& session, RepositoryId repository, RegistryId registry, const RepositoryPath& path);
void assign(db::Session& session, TrashId entry, RegistryId registry, const RepositoryPath& path);

// For a namespace that has just come into being: it takes over what it covers, unless a namespace inside it does.
void take_over(db::Session& session, NamespaceId id, RegistryId registry, const NamespaceName& name);

// For a namespace that is about to go: what it decides on falls to the nearest one around it, or to none.
void hand_over(db::Session& session, NamespaceId id);

}  // namespace spectacles::access::assignment
