#include "catalog/browse_sql.h"

#include <limits>

#include "catalog/claim_sql.h"
#include "catalog/rows_sql.h"

namespace spectacles::catalog {

std::vector<Repository> CatalogStore::list_repositories(const std::string& search,
                                                        const std::optional<std::string>& registry) {
  auto repositories = database_.read([&](db::Session& session) {
    return rows::list_repositories(session, {.search = search, .registry = {}}, std::nullopt,
                                   std::numeric_limits<std::int64_t>::max());
  });
  if (registry) {
    std::erase_if(repositories, [&](const Repository& one) { return one.registry_name.str() != *registry; });
  }
  return repositories;
}

std::optional<Repository> CatalogStore::find_repository(RepositoryId id) {
  return database_.read([&](db::Session& session) { return rows::find_repository(session, id); });
}

Rows<Tag> CatalogStore::list_tags(RepositoryId repository, const std::string& search, const PageRequest& page) {
  return database_.read([&](db::Session& session) { return rows::list_tags(session, repository, search, page); });
}

SyncState CatalogStore::sync_state(RegistryId registry) {
  return database_.read([&](db::Session& session) { return load_sync_state(session, registry, clock_.now()); });
}

}  // namespace spectacles::catalog
