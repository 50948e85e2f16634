// Lists of repositories: rows in, rows out. Each function takes the session of the caller and throws db::Error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/page.h"
#include "catalog/repository.h"
#include "catalog/visible_sql.h"
#include "db/query.h"
#include "db/session.h"

namespace spectacles::catalog {

// Which repositories are wanted; what is left out filters nothing.
struct RepositoryFilter {
  std::vector<std::string> search = {};      // parts of the name, all wanted; ASCII letters in either case
  std::optional<std::string> registry = {};  // its name
  std::optional<NamespaceId> ns = {};        // that decides on them
  bool unassigned = false;                   // only those on which no namespace decides
};

struct VisibleCounts {
  std::int64_t repositories = 0;
  std::int64_t tags = 0;
};

// What a list can be sorted by, and where in that order a repository stands: texts that may go out as a cursor and come
// back. "registry" has three parts, all others have two.
std::vector<std::string> key_of(const Repository& repository, const Order& order);

namespace rows {

// Sorted by "registry", "name" (numbers in names by their value), "size", "pushed", "pulled", "tags" or "changed_at";
// what is equal is sorted by name and age, in the same direction.
Rows<Repository> list_repositories(db::Session& session, const Visible& visible, const RepositoryFilter& filter,
                                   const PageRequest& page);
std::int64_t count_repositories(db::Session& session, const Visible& visible, const RepositoryFilter& filter);

// The same without the total.
std::vector<Repository> page_of_repositories(db::Session& session, const Visible& visible,
                                             const RepositoryFilter& filter, const PageRequest& page);

// The ids of repositories in the order of their names, for those who read something of each. All arguments must outlive
// it.
class Places {
 public:
  Places(db::Session& session, const Visible& visible, const RepositoryFilter& filter);

  // Adds the ids of a page, moves `page` behind it, and says whether there is more.
  bool read(PageRequest& page, std::vector<std::int64_t>& ids) const;

 private:
  db::Session& session_;
  const Visible& visible_;
  db::Query query_;
};

// Adds what `filter` says of `r`, a row of repository, to a query that finds its rows by something else.
void add_filter(db::Query& query, const RepositoryFilter& filter, const std::optional<RegistryId>& registry);

// Of the registry that the filter names; nothing: there is none of this name, so there are no repositories in it.
std::optional<std::optional<RegistryId>> registry_of(db::Session& session, const RepositoryFilter& filter);

std::optional<Repository> find_repository(db::Session& session, RepositoryId id);

VisibleCounts count_visible(db::Session& session, const Visible& visible);

}  // namespace rows
}  // namespace spectacles::catalog
