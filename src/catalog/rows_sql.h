// Statements that read repositories and tags (write_sql has those that write): rows in, rows out, no rules. Each takes
// the session of the caller's transaction and throws db::Error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/page.h"
#include "catalog/repository.h"
#include "db/session.h"

namespace spectacles::catalog::rows {

// Reading, for pages. `search` is a part of a name; `after` is where the page before ended.
struct RepositoryFilter {
  std::string search;
  std::optional<RegistryId> registry;
};
struct RepositoryPlace {
  std::string registry_name;
  std::string name;
};

// By the names of registry and repository, those behind `after`, at most `limit`.
std::vector<Repository> list_repositories(db::Session& session, const RepositoryFilter& filter,
                                          const std::optional<RepositoryPlace>& after, std::int64_t limit);
std::int64_t count_repositories(db::Session& session, const RepositoryFilter& filter);
std::optional<Repository> find_repository(db::Session& session, RepositoryId id);

// As CatalogStore::list_tags.
Rows<Tag> list_tags(db::Session& session, RepositoryId repository, const std::string& search, const PageRequest& page);

}  // namespace spectacles::catalog::rows
