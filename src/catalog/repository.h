// What is in the registries, as the last pass over them saw it.
//
//   repository.h    values                        rows_sql    statements on repositories and tags
//   registry_api    asks a registry               link        the next page of a list
//   sync            one pass over one registry    changes_sql writes down what a pass found, with its events
//   claim_sql       who passes over a registry    worker      passes over all of them, again and again
//   store_sql       what the worker needs of the database
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
  std::int64_t tags = 0;  // how many
  Time first_seen_at;
  Time changed_at;  // when a tag was last seen new or moved

  bool operator==(const Repository&) const = default;
};

struct Tag {
  TagName name;
  Digest digest;
  std::string media_type;
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
