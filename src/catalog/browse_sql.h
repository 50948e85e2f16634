// What is in the registries, for reading.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/page.h"
#include "catalog/repository.h"
#include "db/database.h"

namespace spectacles::catalog {

class CatalogStore {
 public:
  CatalogStore(db::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  // All whose names hold `search`, of one registry if given, by the names of registry and repository.
  std::vector<Repository> list_repositories(const std::string& search, const std::optional<std::string>& registry);
  std::optional<Repository> find_repository(RepositoryId id);

  // Sorted by "name" (one part of key) or "changed_at" (two).
  Rows<Tag> list_tags(RepositoryId repository, const std::string& search, const PageRequest& page);

  SyncState sync_state(RegistryId registry);

 private:
  db::Database& database_;
  const Clock& clock_;
};

}  // namespace spectacles::catalog
