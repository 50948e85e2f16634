// Statements on what digests stand for. Each takes the session of the caller's transaction and throws db::Error.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "catalog/manifest.h"
#include "db/session.h"
#include "names/ids.h"
#include "names/repository_path.h"

namespace spectacles::catalog {

using ManifestId = Strong<std::int64_t, struct ManifestTag>;

namespace rows {

struct StoredManifest {
  ManifestId id;
  bool is_settled;         // read, or found unreadable for good
  std::int64_t size;       // 0 while it is not known
  std::int64_t tries = 0;  // how often what it wants was asked for without getting it
};

// Those of `digests` that the registry's rows have.
std::map<Digest, StoredManifest> find_manifests(db::Session& session, RegistryId registry,
                                                const std::vector<Digest>& digests);

// Those of `digests` that have to be read: unknown, or worth asking for again. In their order.
std::vector<Digest> unsettled(db::Session& session, RegistryId registry, const std::vector<Digest>& digests);

ManifestId insert_unread_manifest(db::Session& session, RegistryId registry, const Digest& digest,
                                  const std::string& media_type, Time now);

// Writes `details` for a digest, into the row `known` if there is one. The size of an index follows from rows that may
// still be missing: measure_index. What it wants is due at once; where it was asked for and not there, after a minute,
// and twice as long each time, up to a day.
StoredManifest write_manifest(db::Session& session, RegistryId registry, const Digest& digest,
                              const ManifestDetails& details, const StoredManifest* known, Time now);

// What is missing of a manifest, and when it was to be asked for.
struct DueManifest {
  ManifestId id;
  Digest digest;
  Time due_at;
  std::int64_t tries = 0;
  std::string media_type;
  std::optional<ManifestPart> config;        // nothing: the manifest itself is wanted
  std::optional<RepositoryPath> repository;  // one that leads to it, if any does
};

// Makes a manifest that has not been read due now.
void want_manifest(db::Session& session, ManifestId manifest, Time now);

// Up to `limit` of those that are due at `until` and come behind `after`, in the order of their times.
std::vector<DueManifest> find_due(db::Session& session, RegistryId registry, Time until,
                                  const std::optional<DueManifest>& after, std::int64_t limit);
std::int64_t count_due(db::Session& session, RegistryId registry, Time until);

// Writes what the configuration of an image says, or that it is still wanted.
void write_config(db::Session& session, const DueManifest& due, const ManifestDetails& details, Time now);

// Sets the sizes of `manifests` that are indexes, and of all indexes that lead to them; then those of the tags that
// stand for any of these. Returns the repositories of these tags.
std::set<RepositoryId> measure_above(db::Session& session, RegistryId registry,
                                     const std::vector<ManifestId>& manifests);

// Sets and returns the size of an index, each blob that it leads to counted once.
std::int64_t measure_index(db::Session& session, RegistryId registry, ManifestId index);

// What all tags of a repository lead to, each blob and manifest counted once.
std::int64_t measure_repository(db::Session& session, RegistryId registry, RepositoryId repository);

// Up to `limit` manifests that no tag, no index and no subject leads to.
std::vector<ManifestId> find_orphans(db::Session& session, RegistryId registry, std::int64_t limit);
// Removes those of them that are that still.
void delete_orphans(db::Session& session, RegistryId registry, const std::vector<ManifestId>& orphans);

}  // namespace rows
}  // namespace spectacles::catalog
