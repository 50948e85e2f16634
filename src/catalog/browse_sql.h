// What is in the registries, for reading: each as one reader may see it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/store_sql.h"
#include "accounts/account.h"
#include "base/page.h"
#include "catalog/manifest_view.h"
#include "catalog/repositories_sql.h"
#include "catalog/repository.h"
#include "catalog/search_sql.h"
#include "catalog/tags_sql.h"
#include "catalog/visible_sql.h"
#include "db/database.h"

namespace spectacles::catalog {

struct RegistryTotals {
  std::int64_t repositories = 0;
  std::int64_t tags = 0;
  std::int64_t size = 0;  // a blob counts once in each repository
};

struct TagView {
  Tag tag;
  ManifestView manifest;
};

// May be used by several threads at once. All functions throw db::Error.
class CatalogStore {
 public:
  CatalogStore(db::Database& database, access::AccessStore& access, const Clock& clock)
      : database_(database), access_(access), clock_(clock) {}

  Visible visible_to(const accounts::Principal& who) { return {who, access_.namespaces()}; }

  Rows<Repository> list_repositories(const Visible& visible, const RepositoryFilter& filter, const PageRequest& page);
  VisibleCounts count(const Visible& visible);

  // Nothing: there is none, or none that `visible` shows. What follows takes what was found so.
  std::optional<Repository> find_repository(const Visible& visible, RepositoryId id);

  Rows<Tag> list_tags(const Repository& repository, const std::string& search, const PageRequest& page);
  std::optional<TagView> find_tag(const Visible& visible, const Repository& repository, const TagName& name);

  // Of a digest that the repository leads to.
  std::optional<ManifestView> find_manifest(const Visible& visible, const Repository& repository, const Digest& digest);
  std::optional<ManifestBytes> find_raw(const Repository& repository, const Digest& digest);

  // As rows::search.
  std::vector<Hit> search(const Visible& visible, const SearchWords& words, const PageRequest& page);

  RegistryTotals totals(RegistryId registry);
  SyncState sync_state(RegistryId registry);

 private:
  db::Database& database_;
  access::AccessStore& access_;
  const Clock& clock_;
};

}  // namespace spectacles::catalog
