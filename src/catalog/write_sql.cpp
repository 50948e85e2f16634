#include "catalog/write_sql.h"

#include <fmt/format.h>

#include <algorithm>

#include "access/assignment_sql.h"
#include "names/natural_key.h"

namespace spectacles::catalog::rows {
namespace {

constexpr std::size_t tags_a_statement = 10;

// Keeps statements on tags to those of the registry. Takes :registry and :repository.
constexpr std::string_view of_registry =
    "repository_id = (SELECT r.id FROM repository r WHERE r.registry_id = :registry AND r.id = :repository)";

}  // namespace

std::map<RepositoryPath, KnownRepository> known_repositories(db::Session& session, RegistryId registry) {
  std::map<RepositoryPath, KnownRepository> repositories;
  for (auto& [name, id, whole, missing] : session.rows<RepositoryPath, RepositoryId, std::int64_t, std::int64_t>(
           "SELECT name, id, CASE WHEN natural_name = '' THEN 0 ELSE 1 END, missing_passes FROM repository "
           "WHERE registry_id = :registry ORDER BY name",
           registry)) {
    repositories.emplace_hint(repositories.end(), name, KnownRepository{id, whole == 1, missing});
  }
  return repositories;
}

std::optional<KnownRepository> find_known(db::Session& session, RegistryId registry, const RepositoryPath& name) {
  const auto found = session.find<RepositoryId, std::int64_t, std::int64_t>(
      "SELECT id, CASE WHEN natural_name = '' THEN 0 ELSE 1 END, missing_passes FROM repository "
      "WHERE registry_id = :registry AND name = :name",
      registry, name);
  if (!found) return std::nullopt;
  const auto& [id, whole, missing] = *found;
  return KnownRepository{id, whole == 1, missing};
}

KnownTags known_tags(db::Session& session, RegistryId registry, RepositoryId repository) {
  KnownTags tags;
  for (auto& [name, digest, media_type, read, whole, missing] :
       session.rows<TagName, Digest, std::string, std::int64_t, std::int64_t, std::int64_t>(
           "SELECT t.name, t.digest, t.media_type, CASE WHEN m.read_at IS NULL THEN 0 ELSE 1 END, "
           "CASE WHEN m.id IS NULL OR t.natural_name = '' OR t.size <> coalesce(m.size, 0) THEN 0 ELSE 1 END, "
           "t.missing_passes FROM tag t JOIN repository r ON r.id = t.repository_id "
           "LEFT JOIN manifest m ON m.id = t.manifest_id AND m.digest = t.digest "
           "WHERE r.registry_id = :registry AND r.id = :repository ORDER BY t.name",
           registry, repository)) {
    tags.emplace_hint(tags.end(), name, KnownTag{{digest, media_type}, read == 1, whole == 1, missing});
  }
  return tags;
}

RepositoryId insert_repository(db::Session& session, RegistryId registry, const RepositoryPath& name, Time now) {
  const RepositoryId id(
      session.insert("INSERT INTO repository (registry_id, name, natural_name, first_seen_at, changed_at) "
                     "VALUES (:registry, :name, :natural, :first_seen_at, :changed_at)",
                     registry, name, natural_key(name.str()), now, now));
  access::assignment::assign(session, id, registry, name);
  return id;
}

void complete_repository(db::Session& session, RegistryId registry, RepositoryId repository,
                         const RepositoryPath& name) {
  session.execute(
      "UPDATE repository SET natural_name = :natural, missing_since = NULL, missing_passes = 0 "
      "WHERE registry_id = :registry AND id = :repository",
      natural_key(name.str()), registry, repository);
}

void touch_repository(db::Session& session, RegistryId registry, RepositoryId repository, Time now) {
  session.execute(
      "UPDATE repository SET changed_at = :now, pushed_at = :now WHERE registry_id = :registry AND id = :repository",
      now, registry, repository);
}

void recount_repository(db::Session& session, RegistryId registry, RepositoryId repository) {
  const auto size = measure_repository(session, registry, repository);
  session.execute(
      "UPDATE repository SET tag_count = (SELECT count(*) FROM tag t WHERE t.repository_id = :repository), "
      "size = :size WHERE registry_id = :registry AND id = :repository",
      repository, size, registry);
}

void delete_repository(db::Session& session, RegistryId registry, RepositoryId repository) {
  session.execute("DELETE FROM repository WHERE registry_id = :registry AND id = :repository", registry, repository);
}

void insert_tags(db::Session& session, RegistryId registry, RepositoryId repository, const std::vector<TagRow>& tags,
                 Time now) {
  const auto own = session.find<RepositoryId>(
      "SELECT id FROM repository WHERE registry_id = :registry AND id = :repository", registry, repository);
  if (!own) return;
  for (std::size_t first = 0; first < tags.size(); first += tags_a_statement) {
    const auto last = std::min(first + tags_a_statement, tags.size());
    std::string sql =
        "INSERT INTO tag (repository_id, first_seen_at, changed_at, pushed_at, name, natural_name, digest, media_type, "
        "manifest_id, size) VALUES ";
    std::vector<db::Value> values{db::to_value(repository), db::to_value(now)};
    values.reserve(2 + 6 * (last - first));
    for (auto at = first; at < last; ++at) {
      const auto& tag = tags[at];
      sql += fmt::format(
          "{}(:repository, :now, :now, :now, :name{}, :natural{}, :digest{}, :type{}, :manifest{}, :size{})",
          at == first ? "" : ", ", at, at, at, at, at, at);
      for (auto& value :
           {db::to_value(tag.name), db::to_value(natural_key(tag.name.str())), db::to_value(tag.manifest.digest),
            db::to_value(tag.manifest.media_type), db::to_value(tag.id), db::to_value(tag.size)}) {
        values.push_back(value);
      }
    }
    session.execute_with(sql, std::move(values));
  }
}

void move_tag(db::Session& session, RegistryId registry, RepositoryId repository, const TagRow& tag, Time now) {
  session.execute(fmt::format("UPDATE tag SET digest = :digest, media_type = :media_type, manifest_id = :manifest, "
                              "size = :size, natural_name = :natural, changed_at = :now, pushed_at = :now, "
                              "missing_since = NULL, missing_passes = 0 WHERE name = :name AND {}",
                              of_registry),
                  tag.manifest.digest, tag.manifest.media_type, tag.id, tag.size, natural_key(tag.name.str()), now,
                  tag.name, registry, repository);
}

void complete_tag(db::Session& session, RegistryId registry, RepositoryId repository, const TagRow& tag) {
  session.execute(fmt::format("UPDATE tag SET manifest_id = :manifest, size = :size, natural_name = :natural, "
                              "missing_since = NULL, missing_passes = 0 WHERE name = :name AND {}",
                              of_registry),
                  tag.id, tag.size, natural_key(tag.name.str()), tag.name, registry, repository);
}

void show_tag(db::Session& session, RegistryId registry, RepositoryId repository, const TagName& name) {
  session.execute(
      fmt::format("UPDATE tag SET missing_since = NULL, missing_passes = 0 WHERE name = :name AND {}", of_registry),
      name, registry, repository);
}

bool delete_tag(db::Session& session, RegistryId registry, RepositoryId repository, const TagName& name) {
  return session.execute(fmt::format("DELETE FROM tag WHERE name = :name AND {}", of_registry), name, registry,
                         repository) > 0;
}

void miss_repository(db::Session& session, RegistryId registry, RepositoryId repository, Time now) {
  session.execute(
      "UPDATE repository SET missing_since = coalesce(missing_since, :now), missing_passes = missing_passes + 1 "
      "WHERE registry_id = :registry AND id = :repository",
      now, registry, repository);
}

void miss_tag(db::Session& session, RegistryId registry, RepositoryId repository, const TagName& name, Time now) {
  session.execute(fmt::format("UPDATE tag SET missing_since = coalesce(missing_since, :now), "
                              "missing_passes = missing_passes + 1 WHERE name = :name AND {}",
                              of_registry),
                  now, name, registry, repository);
}

}  // namespace spectacles::catalog::rows
