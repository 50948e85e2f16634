// Statements that keep repositories and tags as a pass saw them, each bound to one registry. Each takes the session of
// the caller's transaction and throws db::Error.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "catalog/manifests_sql.h"
#include "catalog/seen.h"
#include "db/session.h"

namespace spectacles::catalog::rows {

std::map<RepositoryPath, KnownRepository> known_repositories(db::Session& session, RegistryId registry);
std::optional<KnownRepository> find_known(db::Session& session, RegistryId registry, const RepositoryPath& name);
// Those behind `after` and not behind `up_to`, in the order of bytes; nothing: no such bound.
KnownTags known_tags(db::Session& session, RegistryId registry, RepositoryId repository,
                     const std::optional<TagName>& after = {}, const std::optional<TagName>& up_to = {});
// Those of `names` that there are.
KnownTags known_tags(db::Session& session, RegistryId registry, RepositoryId repository,
                     const std::vector<TagName>& names);

RepositoryId insert_repository(db::Session& session, RegistryId registry, const RepositoryPath& name, Time now);
// It is there, and all its columns say what they should.
void complete_repository(db::Session& session, RegistryId registry, RepositoryId repository,
                         const RepositoryPath& name);
// A tag was found or moved.
void touch_repository(db::Session& session, RegistryId registry, RepositoryId repository, Time now);
// Counts tags and measures what they lead to; of a repository of many tags only the former, since measuring takes long:
// it waits for measure_unmeasured.
void recount_repository(db::Session& session, RegistryId registry, RepositoryId repository);

// The size of a repository that waits for that.
struct Measured {
  RepositoryId repository;
  std::int64_t changes;  // that it takes into account
  std::int64_t size;
};
// Up to `limit` of them, which may take a second each. In a transaction that only reads.
std::vector<Measured> measure_unmeasured(db::Session& session, RegistryId registry, std::int64_t limit);
// Unless there were changes meanwhile.
void write_size(db::Session& session, RegistryId registry, const Measured& measured);

// One that no pass showed lately, and nobody pushed to since; whether it did.
bool delete_missing_repository(db::Session& session, RegistryId registry, RepositoryId repository);

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
// As delete_missing_repository.
bool delete_missing_tag(db::Session& session, RegistryId registry, RepositoryId repository, const TagName& name);

// One more complete pass did not show it, after `passes` of them, and nobody pushed it since.
void miss_repository(db::Session& session, RegistryId registry, RepositoryId repository, std::int64_t passes, Time now);
void miss_tag(db::Session& session, RegistryId registry, RepositoryId repository, const TagName& name,
              const Digest& digest, std::int64_t passes, Time now);

// What was told to be deleted in a repository since a time of this server, and was applied.
struct Deletions {
  std::set<std::string> tags;
  std::set<std::string> digests;
};
Deletions deleted_since(db::Session& session, RegistryId registry, const RepositoryPath& repository, Time since);

}  // namespace spectacles::catalog::rows
