#include "catalog/rows_sql.h"

#include <tuple>

#include "db/like.h"
#include "db/query.h"

namespace spectacles::catalog::rows {
namespace {

constexpr std::string_view selected_repositories =
    "SELECT r.id, r.registry_id, g.name, g.public_host, r.name, "
    "(SELECT count(*) FROM tag t WHERE t.repository_id = r.id), r.first_seen_at, r.changed_at "
    "FROM repository r JOIN registry g ON g.id = r.registry_id WHERE ";

// Takes :search, :any (1 or 0) and :registry.
std::string filtered() {
  return db::matches("r.name", "search") + " AND (:any = 1 OR r.registry_id = :registry)";
}

std::int64_t id_or_none(const std::optional<RegistryId>& registry) {
  return registry ? registry->value() : 0;
}

template <class... Values>
std::vector<Repository> select(db::Session& session, std::string_view rest, const Values&... values) {
  std::vector<Repository> repositories;
  for (auto& [id, registry, registry_name, host, name, tags, first_seen_at, changed_at] :
       session.rows<RepositoryId, RegistryId, Label, RegistryHost, RepositoryPath, std::int64_t, Time, Time>(
           std::string(selected_repositories).append(rest), values...)) {
    repositories.push_back({id, registry, registry_name, host, name, tags, first_seen_at, changed_at});
  }
  return repositories;
}

}  // namespace

std::vector<Repository> list_repositories(db::Session& session, const RepositoryFilter& filter,
                                          const std::optional<RepositoryPlace>& after, std::int64_t limit) {
  const auto place = after.value_or(RepositoryPlace{});  // no name is empty: all lie behind two empty ones
  return select(session,
                filtered() +
                    " AND (g.name > :after_registry OR (g.name = :after_registry AND r.name > :after_name)) "
                    "ORDER BY g.name, r.name LIMIT :limit",
                db::containing(filter.search), !filter.registry, id_or_none(filter.registry), place.registry_name,
                place.name, limit);
}

std::int64_t count_repositories(db::Session& session, const RepositoryFilter& filter) {
  return session.single<std::int64_t>("SELECT count(*) FROM repository r WHERE " + filtered(),
                                      db::containing(filter.search), !filter.registry, id_or_none(filter.registry));
}

std::optional<Repository> find_repository(db::Session& session, RepositoryId id) {
  auto found = select(session, "r.id = :id", id);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

Rows<Tag> list_tags(db::Session& session, RepositoryId repository, const std::string& search, const PageRequest& page) {
  db::Query query("SELECT name, digest, media_type, first_seen_at, changed_at FROM tag");
  query.where("repository_id = :repository", repository);
  if (!search.empty()) query.where(db::matches("name", "search"), db::containing(search));
  const bool by_time = page.order.by == "changed_at";
  Rows<Tag> tags{.rows = {}, .total = query.count(session)};
  for (auto& [name, digest, media_type, first_seen_at, changed_at] :
       query.rows<TagName, Digest, std::string, Time, Time>(
           session, page, {.column = by_time ? "changed_at" : "name", .tie = "name", .numeric = by_time})) {
    tags.rows.push_back({name, digest, media_type, first_seen_at, changed_at});
  }
  return tags;
}

std::map<RepositoryPath, RepositoryId> repositories_of(db::Session& session, RegistryId registry) {
  std::map<RepositoryPath, RepositoryId> repositories;
  for (auto& [name, id] : session.rows<RepositoryPath, RepositoryId>(
           "SELECT name, id FROM repository WHERE registry_id = :registry", registry)) {
    repositories.emplace(name, id);
  }
  return repositories;
}

std::map<TagName, Manifest> tags_of(db::Session& session, RegistryId registry, RepositoryId repository) {
  std::map<TagName, Manifest> tags;
  for (auto& [name, digest, media_type] : session.rows<TagName, Digest, std::string>(
           "SELECT t.name, t.digest, t.media_type FROM tag t JOIN repository r ON r.id = t.repository_id "
           "WHERE r.registry_id = :registry AND r.id = :repository",
           registry, repository)) {
    tags.emplace(name, Manifest{digest, media_type});
  }
  return tags;
}

RepositoryId insert_repository(db::Session& session, RegistryId registry, const RepositoryPath& name, Time now) {
  return RepositoryId(
      session.insert("INSERT INTO repository (registry_id, name, first_seen_at, changed_at) "
                     "VALUES (:registry, :name, :first_seen_at, :changed_at)",
                     registry, name, now, now));
}

void touch_repository(db::Session& session, RegistryId registry, RepositoryId repository, Time now) {
  session.execute("UPDATE repository SET changed_at = :now WHERE registry_id = :registry AND id = :repository", now,
                  registry, repository);
}

void delete_repository(db::Session& session, RegistryId registry, RepositoryId repository) {
  session.execute("DELETE FROM repository WHERE registry_id = :registry AND id = :repository", registry, repository);
}

void insert_tag(db::Session& session, RegistryId registry, RepositoryId repository, const TagName& name,
                const Manifest& manifest, Time now) {
  session.execute(
      "INSERT INTO tag (repository_id, name, digest, media_type, first_seen_at, changed_at) "
      "SELECT id, :name, :digest, :media_type, :first_seen_at, :changed_at FROM repository "
      "WHERE registry_id = :registry AND id = :repository",
      name, manifest.digest, manifest.media_type, now, now, registry, repository);
}

void move_tag(db::Session& session, RegistryId registry, RepositoryId repository, const TagName& name,
              const Manifest& manifest, Time now) {
  session.execute(
      "UPDATE tag SET digest = :digest, media_type = :media_type, changed_at = :now WHERE name = :name "
      "AND repository_id = (SELECT id FROM repository WHERE registry_id = :registry AND id = :repository)",
      manifest.digest, manifest.media_type, now, name, registry, repository);
}

void delete_tag(db::Session& session, RegistryId registry, RepositoryId repository, const TagName& name) {
  session.execute(
      "DELETE FROM tag WHERE name = :name "
      "AND repository_id = (SELECT id FROM repository WHERE registry_id = :registry AND id = :repository)",
      name, registry, repository);
}

}  // namespace spectacles::catalog::rows
