// Statements of the pass over one registry on its repositories and tags: rows in, rows out, no rules. Each is bound to
// that registry, takes the session of the caller's transaction and throws db::Error.
#pragma once

#include <map>

#include "catalog/repository.h"
#include "db/session.h"

namespace spectacles::catalog::rows {

std::map<RepositoryPath, RepositoryId> repositories_of(db::Session& session, RegistryId registry);
std::map<TagName, Manifest> tags_of(db::Session& session, RegistryId registry, RepositoryId repository);

RepositoryId insert_repository(db::Session& session, RegistryId registry, const RepositoryPath& name, Time now);
void touch_repository(db::Session& session, RegistryId registry, RepositoryId repository, Time now);
void delete_repository(db::Session& session, RegistryId registry, RepositoryId repository);

void insert_tag(db::Session& session, RegistryId registry, RepositoryId repository, const TagName& name,
                const Manifest& manifest, Time now);
void move_tag(db::Session& session, RegistryId registry, RepositoryId repository, const TagName& name,
              const Manifest& manifest, Time now);
void delete_tag(db::Session& session, RegistryId registry, RepositoryId repository, const TagName& name);

}  // namespace spectacles::catalog::rows
