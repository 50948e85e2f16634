// What is in the registries, for reading.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/repository.h"
#include "db/database.h"

namespace spectacles::catalog {

class CatalogStore {
 public:
  CatalogStore(db::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  // All whose names hold `search`, of one registry if given, by the names of registry and repository.
  std::vector<Repository> list_repositories(const std::string& search, const std::optional<std::string>& registry);
  std::optional<Repository> find_repository(RepositoryId id);

  struct Tags {
    std::vector<Tag> rows;  // one more than asked for, if there are more
    std::int64_t total = 0;
  };
  Tags list_tags(RepositoryId repository, const std::string& search, const std::optional<TagName>& after,
                 std::size_t limit);

  SyncState sync_state(RegistryId registry);

 private:
  db::Database& database_;
  const Clock& clock_;
};

}  // namespace spectacles::catalog
