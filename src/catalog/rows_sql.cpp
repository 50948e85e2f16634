#include "catalog/rows_sql.h"

#include <string>

namespace spectacles::catalog::rows {

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
