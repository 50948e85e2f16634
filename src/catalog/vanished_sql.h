// What complete passes do not show any more. It is marked first, stays listed, and goes only when a second complete
// pass in a row did not show it either; and not at once when too much would go: then it waits for somebody to confirm
// it.
#pragma once

#include <vector>

#include "catalog/changes_sql.h"

namespace spectacles::catalog {

// What a complete pass did not show.
struct Vanished {
  struct Repository {
    RepositoryId id;
    RepositoryPath name;
    std::int64_t missing_passes;  // before this one
  };
  struct Tag {
    RepositoryId repository;
    RepositoryPath repository_name;
    TagName name;
    Digest digest;
    std::int64_t missing_passes;
  };
  std::vector<Repository> repositories;
  std::vector<Tag> tags;  // of other repositories
};

// After how many complete passes in a row something goes.
constexpr std::int64_t passes_to_go = 2;

// More than so many, and more than that share of what there was: no ordinary day's work.
constexpr std::int64_t most_repositories_at_once = 20;
constexpr std::int64_t most_tags_at_once = 200;
constexpr std::int64_t most_percent_at_once = 30;

// Whether so many removals at once are to wait.
bool is_too_much(std::int64_t repositories, std::int64_t of_repositories, std::int64_t tags, std::int64_t of_tags);

// The end of a complete pass: marks, removes, or brakes. Returns what waits for somebody to confirm it, if anything
// does. A confirmation counts for one pass.
std::optional<SyncBrake> settle(Changes& changes, const Vanished& vanished);

// Removes manifests that nothing leads to.
void sweep(Changes& changes);

}  // namespace spectacles::catalog
