// Statements that keep repositories and tags as a pass saw them, each bound to one registry. Each takes the session of
// the caller's transaction and throws db::Error.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "catalog/manifests_sql.h"
#include "catalog/seen.h"
#include "db/session.h"

namespace spectacles::catalog::rows {

std::map<RepositoryPath, KnownRepository> known_repositories(db::Session& session, RegistryId registry);
std::optional<KnownRepository> find_known(db::Session& session, RegistryId registry, const RepositoryPath& name);
KnownTags known_tags(db::Session& session, RegistryId registry, RepositoryId repository);

RepositoryId insert_repository(db::Session& session, RegistryId registry, const RepositoryPath& name, Time now);
// It is there, and all its columns say what they should.
void complete_repository(db::Session& session, RegistryId registry, RepositoryId repository,
                         const RepositoryPath& name);
// A tag was found or moved.
void touch_repository(db::Session& session, RegistryId registry, RepositoryId repository, Time now);
// Counts tags and measures what they lead to.
void recount_repository(db::Session& session, RegistryId registry, RepositoryId repository);
void delete_repository(db::Session& session, RegistryId registry, RepositoryId repository);

struct TagRow {
  TagName name;
  Manifest manifest;
  ManifestId id;  // of the manifest
  std::int64_t size = 0;
};

void insert_tags(db::Session& session, RegistryId registry, RepositoryId repository, const std::vector<TagRow>& tags,
                 Time now);
void move_tag(db::Session& session, RegistryId registry, RepositoryId repository, const TagRow& tag, Time now);
// The tag stands for what it stood for, and is there: what is kept of it becomes whole.
void complete_tag(db::Session& session, RegistryId registry, RepositoryId repository, const TagRow& tag);
void show_tag(db::Session& session, RegistryId registry, RepositoryId repository, const TagName& name);
// Whether it was there.
bool delete_tag(db::Session& session, RegistryId registry, RepositoryId repository, const TagName& name);

// One more complete pass did not show it.
void miss_repository(db::Session& session, RegistryId registry, RepositoryId repository, Time now);
void miss_tag(db::Session& session, RegistryId registry, RepositoryId repository, const TagName& name, Time now);

}  // namespace spectacles::catalog::rows
