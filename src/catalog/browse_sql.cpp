#include "catalog/browse_sql.h"

#include "catalog/claim_sql.h"
#include "catalog/manifest_view_sql.h"

namespace spectacles::catalog {

Rows<Repository> CatalogStore::list_repositories(const Visible& visible, const RepositoryFilter& filter,
                                                 const PageRequest& page) {
  return database_.read([&](db::Session& session) { return rows::list_repositories(session, visible, filter, page); });
}

VisibleCounts CatalogStore::count(const Visible& visible) {
  return database_.read([&](db::Session& session) { return rows::count_visible(session, visible); });
}

std::optional<Repository> CatalogStore::find_repository(const Visible& visible, RepositoryId id) {
  auto found = database_.read([&](db::Session& session) { return rows::find_repository(session, id); });
  if (!found || !visible.shows(found->ns, found->name)) return std::nullopt;
  return found;
}

Rows<Tag> CatalogStore::list_tags(const Repository& repository, const std::string& search, const PageRequest& page) {
  return database_.read([&](db::Session& session) { return rows::list_tags(session, repository.id, search, page); });
}

std::optional<TagView> CatalogStore::find_tag(const Visible& visible, const Repository& repository,
                                              const TagName& name) {
  return database_.read([&](db::Session& session) -> std::optional<TagView> {
    const auto tag = rows::find_tag(session, repository.id, name);
    if (!tag) return std::nullopt;
    return TagView{*tag, rows::load_view(session, visible, repository, tag->digest, tag->media_type, name)};
  });
}

std::optional<ManifestView> CatalogStore::find_manifest(const Visible& visible, const Repository& repository,
                                                        const Digest& digest) {
  return database_.read([&](db::Session& session) -> std::optional<ManifestView> {
    if (!rows::holds_manifest(session, repository, digest)) return std::nullopt;
    return rows::load_view(session, visible, repository, digest, "", std::nullopt);
  });
}

std::optional<ManifestBytes> CatalogStore::find_raw(const Repository& repository, const Digest& digest) {
  return database_.read([&](db::Session& session) -> std::optional<ManifestBytes> {
    if (!rows::holds_manifest(session, repository, digest)) return std::nullopt;
    return rows::find_raw(session, repository.registry, digest);
  });
}

std::vector<Hit> CatalogStore::search(const Visible& visible, const SearchWords& words, const PageRequest& page) {
  return database_.read([&](db::Session& session) { return rows::search(session, visible, words, page); });
}

RegistryTotals CatalogStore::totals(RegistryId registry) {
  return database_.read([&](db::Session& session) {
    const auto found = session.find<std::int64_t, std::int64_t, std::int64_t>(
        "SELECT count(*), COALESCE(SUM(tag_count), 0), COALESCE(SUM(size), 0) FROM repository "
        "WHERE registry_id = :registry",
        registry);
    const auto& [repositories, tags, size] = found.value();
    return RegistryTotals{repositories, tags, size};
  });
}

SyncState CatalogStore::sync_state(RegistryId registry) {
  return database_.read([&](db::Session& session) { return load_sync_state(session, registry, clock_.now()); });
}

}  // namespace spectacles::catalog
