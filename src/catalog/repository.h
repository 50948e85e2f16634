// What is in the registries, as the last pass over them saw it.
//
//   repository.h, seen             values; what a pass saw
//   registry_api, registry_tokens  asks a registry, with which tokens
//   link, redirect                 where a list goes on, where a blob lies
//   manifest, details              what a digest stands for, and reading it with all it leads to
//   tags, crew                     reads some tags; threads that do
//   missing                        asks for what is missing of manifests
//   sync                           one pass over one registry
//   changes_sql, vanished_sql      writes down what it saw, with its events; what it did not see: marks and the brake
//   write_sql, manifests_sql       statements for that
//   claim_sql, passes, worker      who passes over a registry; one pass under a claim; again and again
//   store_sql                      what these need of the database
//   notification, inbox_sql        what a registry tells of, and keeping it until it is applied
//   apply_sql, applier             makes the database what it says, on a thread of its own
//   learner, learned_sql           reads what was just pushed
//
//   browse_sql, visible_sql        what pages read of all that; who may see which repositories, as a condition
//   repositories_sql, tags_sql, search_sql  lists
//   manifest_view_sql              a manifest with all that belongs to it
//   image_config, shown            what an image says of itself; texts of images, fit to be shown
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

// How far a pass is.
struct SyncProgress {
  std::string phase;  // "catalog", "repositories", "removal", "details"
  std::int64_t repositories_total = 0;
  std::int64_t repositories_done = 0;
  std::int64_t tags_done = 0;
  std::int64_t details_done = 0;   // manifests that were read because they were new
  std::int64_t missing_total = 0;  // configurations of new images, and manifests that are asked for again
  std::int64_t missing_done = 0;

  bool operator==(const SyncProgress&) const = default;
};

// Removals that wait for somebody to confirm them, because too much vanished at once.
struct SyncBrake {
  Time since;
  std::int64_t repositories = 0;
  std::int64_t tags = 0;  // those of the repositories among them

  bool operator==(const SyncBrake&) const = default;
};

struct SyncState {
  SyncOutcome outcome = SyncOutcome::never;
  std::optional<Time> started_at;
  std::optional<Time> finished_at;
  std::optional<Time> complete_at;            // when the last complete pass had seen all that there is
  std::optional<std::string> detail;          // what was wrong
  bool is_abandoned = false;                  // the process that passed over it died
  std::optional<SyncProgress> progress = {};  // while it runs
  std::optional<Time> requested_at = {};      // somebody asked for a pass that has not begun
  std::optional<SyncBrake> brake = {};

  bool operator==(const SyncState&) const = default;
};

}  // namespace spectacles::catalog
