// Statements on what digests stand for. Each takes the session of the caller's transaction and throws db::Error.
#pragma once

#include <map>
#include <vector>

#include "catalog/manifest.h"
#include "db/session.h"
#include "names/ids.h"

namespace spectacles::catalog {

using ManifestId = Strong<std::int64_t, struct ManifestTag>;

namespace rows {

struct StoredManifest {
  ManifestId id;
  bool is_settled;    // read, or found unreadable for good
  std::int64_t size;  // 0 while it is not known
};

// Those of `digests` that the registry's rows have.
std::map<Digest, StoredManifest> find_manifests(db::Session& session, RegistryId registry,
                                                const std::vector<Digest>& digests);

// Those of `digests` that have to be read: unknown, or worth asking for again. In their order.
std::vector<Digest> unsettled(db::Session& session, RegistryId registry, const std::vector<Digest>& digests);

ManifestId insert_unread_manifest(db::Session& session, RegistryId registry, const Digest& digest,
                                  const std::string& media_type, Time now);

// Writes `details` for a digest, into the row `known` if there is one. The size of an index follows from rows that may
// still be missing: measure_index.
StoredManifest write_manifest(db::Session& session, RegistryId registry, const Digest& digest,
                              const ManifestDetails& details, const StoredManifest* known, Time now);

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
