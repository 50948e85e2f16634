// What is in the registries, as the last pass over them saw it.
//
//   repository.h    values                        rows_sql    statements of a pass on repositories and tags
//   registry_api    asks a registry               link        the next page of a list
//   sync            one pass over one registry    changes_sql writes down what a pass found, with its events
//   claim_sql       who passes over a registry    worker      passes over all of them, again and again
//   store_sql       what the worker needs of the database
//
//   browse_sql      what pages read of all that   visible_sql who may see which repositories, as a condition
//   repositories_sql, tags_sql   lists            details_sql a manifest with all that belongs to it
//   image_config    what an image says of itself  search_sql  repositories and tags by parts of their names
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "names/host.h"
#include "names/ids.h"
#include "names/image.h"
#include "names/label.h"
#include "names/repository_path.h"

namespace spectacles::catalog {

struct Repository {
  RepositoryId id;
  RegistryId registry;
  Label registry_name;
  RegistryHost registry_host;
  RepositoryPath name;
  std::string natural_name;           // what it is sorted by
  std::optional<NamespaceId> ns;      // which decides on it
  std::int64_t tags = 0;              // how many
  std::int64_t size = 0;              // of all that its tags lead to, each blob once; in bytes
  Time pushed_at;                     // 1970: has not been seen to happen
  Time pulled_at;                     // the same
  std::int64_t pulls = 0;             // that this server was told of
  std::optional<Time> missing_since;  // the complete pass that first did not find it any more
  Time first_seen_at;
  Time changed_at;  // when a tag was last seen new or moved

  bool operator==(const Repository&) const = default;
};

// Times and counts as those of repositories.
struct Tag {
  TagName name;
  std::string natural_name;
  Digest digest;
  std::string media_type;
  std::optional<std::string> kind;      // "image", "index", "artifact"; nothing: not read yet, or unreadable
  std::optional<std::string> platform;  // "linux/amd64"
  std::int64_t size = 0;
  Time pushed_at;
  Time pulled_at;
  std::int64_t pulls = 0;
  std::optional<Time> missing_since;
  Time first_seen_at;
  Time changed_at;

  bool operator==(const Tag&) const = default;
};

// What a tag stands for.
struct Manifest {
  Digest digest;
  std::string media_type;

  bool operator==(const Manifest&) const = default;
};

enum class SyncOutcome { never, running, complete, partial, failed };

struct SyncState {
  SyncOutcome outcome = SyncOutcome::never;
  std::optional<Time> started_at;
  std::optional<Time> finished_at;
  std::optional<Time> complete_at;    // end of the last complete pass
  std::optional<std::string> detail;  // what was wrong
  bool is_abandoned = false;          // the process that passed over it died

  bool operator==(const SyncState&) const = default;
};

}  // namespace spectacles::catalog
