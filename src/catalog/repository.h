// What is in the registries, as the last pass over them saw it.
//
//   repository.h    values                         rows_sql       reads repositories and tags, for pages
//   registry_api    asks a registry                registry_tokens  with which tokens
//   link, redirect  where a list goes on, where a blob lies
//   manifest        what a digest stands for       details        reads that, with all it leads to
//   crew            asks several things at once    sync           one pass over one registry
//   seen            what a pass saw                changes_sql    writes down what it saw, with its events
//   write_sql, manifests_sql  statements for that  vanished_sql   what is not there any more: tombstones and the brake
//   claim_sql       who passes over a registry     passes         runs one pass under a claim
//   worker          passes over all of them, again and again      store_sql  what these need of the database
//   notification    what a registry tells of       inbox_sql      keeps it, and has it applied
//   apply_sql       makes the database what it says  applier      does so, on a thread of its own
//   learner, learned_sql  what was just pushed stands for
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

// How far a pass is.
struct SyncProgress {
  std::string phase;  // "catalog", "repositories", "removal"
  std::int64_t repositories_total = 0;
  std::int64_t repositories_done = 0;
  std::int64_t tags_done = 0;
  std::int64_t details_done = 0;  // manifests that were read because they were new

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
  std::optional<Time> complete_at;            // end of the last complete pass
  std::optional<std::string> detail;          // what was wrong
  bool is_abandoned = false;                  // the process that passed over it died
  std::optional<SyncProgress> progress = {};  // while it runs
  std::optional<Time> requested_at = {};      // somebody asked for a pass that has not begun
  std::optional<SyncBrake> brake = {};

  bool operator==(const SyncState&) const = default;
};

}  // namespace spectacles::catalog
