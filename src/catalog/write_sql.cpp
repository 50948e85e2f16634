#include "catalog/write_sql.h"

#include <fmt/format.h>

#include <algorithm>

#include "access/assignment_sql.h"
#include "names/natural_key.h"

namespace spectacles::catalog::rows {
namespace {

constexpr std::size_t tags_a_statement = 20;
constexpr std::size_t names_a_statement = 100;
constexpr std::int64_t most_tags_to_measure = 2000;

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

namespace {

// `more` is a condition on names.
KnownTags read_known_tags(db::Session& session, std::string_view more, std::vector<db::Value> values) {
  KnownTags tags;
  const auto sql = fmt::format(
      "SELECT t.name, t.digest, t.media_type, CASE WHEN m.read_at IS NULL THEN 0 ELSE 1 END, "
      "CASE WHEN m.id IS NULL OR t.natural_name = '' OR t.size <> coalesce(m.size, 0) THEN 0 ELSE 1 END, "
      "t.missing_passes, t.changed_at FROM tag t JOIN repository r ON r.id = t.repository_id "
      "LEFT JOIN manifest m ON m.id = t.manifest_id AND m.digest = t.digest "
      "WHERE r.registry_id = :registry AND r.id = :repository {} ORDER BY t.name",
      more);
  for (auto& [name, digest, media_type, read, whole, missing, changed] :
       session.rows_of<TagName, Digest, std::string, std::int64_t, std::int64_t, std::int64_t, Time>(
           sql, std::move(values))) {
    tags.emplace_hint(tags.end(), name, KnownTag{{digest, media_type}, read == 1, whole == 1, missing, changed});
  }
  return tags;
}

}  // namespace

KnownTags known_tags(db::Session& session, RegistryId registry, RepositoryId repository,
                     const std::optional<TagName>& after, const std::optional<TagName>& up_to) {
  std::string more;
  std::vector<db::Value> values{db::to_value(registry), db::to_value(repository)};
  if (after) {
    more += " AND t.name > :after";
    values.push_back(db::to_value(*after));
  }
  if (up_to) {
    more += " AND t.name <= :up_to";
    values.push_back(db::to_value(*up_to));
  }
  return read_known_tags(session, more, std::move(values));
}

KnownTags known_tags(db::Session& session, RegistryId registry, RepositoryId repository,
                     const std::vector<TagName>& names) {
  KnownTags tags;
  for (std::size_t first = 0; first < names.size(); first += names_a_statement) {
    const auto last = std::min(first + names_a_statement, names.size());
    std::string more;
    std::vector<db::Value> values{db::to_value(registry), db::to_value(repository)};
    values.reserve(2 + last - first);
    for (auto at = first; at < last; ++at) {
      more += fmt::format("{}:n{}", at == first ? "" : ", ", at - first);
      values.push_back(db::to_value(names[at]));
    }
    tags.merge(read_known_tags(session, "AND t.name IN (" + more + ")", std::move(values)));
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
  const auto count = session.single<std::int64_t>(
      "SELECT count(*) FROM tag t JOIN repository r ON r.id = t.repository_id WHERE r.registry_id = :registry "
      "AND r.id = :repository",
      registry, repository);
  if (count > most_tags_to_measure) {
    session.execute(
        "UPDATE repository SET tag_count = :count, unmeasured = unmeasured + 1 "
        "WHERE registry_id = :registry AND id = :repository",
        count, registry, repository);
    return;
  }
  const auto size = measure_repository(session, registry, repository);
  session.execute(
      "UPDATE repository SET tag_count = :count, size = :size, unmeasured = 0 "
      "WHERE registry_id = :registry AND id = :repository",
      count, size, registry, repository);
}

std::vector<Measured> measure_unmeasured(db::Session& session, RegistryId registry, std::int64_t limit) {
  std::vector<Measured> all;
  for (const auto& [id, changes] : session.rows<RepositoryId, std::int64_t>(
           "SELECT id, unmeasured FROM repository WHERE registry_id = :registry AND unmeasured > 0 "
           "ORDER BY id LIMIT :limit",
           registry, limit)) {
    all.push_back({id, changes, measure_repository(session, registry, id)});
  }
  return all;
}

void write_size(db::Session& session, RegistryId registry, const Measured& measured) {
  session.execute(
      "UPDATE repository SET size = :size, unmeasured = 0 "
      "WHERE registry_id = :registry AND id = :repository AND unmeasured = :changes",
      measured.size, registry, measured.repository, measured.changes);
}

bool delete_missing_repository(db::Session& session, RegistryId registry, RepositoryId repository) {
  return session.execute(
             "DELETE FROM repository WHERE registry_id = :registry AND id = :repository AND missing_passes > 0",
             registry, repository) == 1;
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

bool delete_missing_tag(db::Session& session, RegistryId registry, RepositoryId repository, const TagName& name) {
  return session.execute(fmt::format("DELETE FROM tag WHERE name = :name AND missing_passes > 0 AND {}", of_registry),
                         name, registry, repository) == 1;
}

void miss_repository(db::Session& session, RegistryId registry, RepositoryId repository, std::int64_t passes,
                     Time now) {
  session.execute(
      "UPDATE repository SET missing_since = coalesce(missing_since, :now), missing_passes = missing_passes + 1 "
      "WHERE registry_id = :registry AND id = :repository AND missing_passes = :passes",
      now, registry, repository, passes);
}

void miss_tag(db::Session& session, RegistryId registry, RepositoryId repository, const TagName& name,
              const Digest& digest, std::int64_t passes, Time now) {
  session.execute(fmt::format("UPDATE tag SET missing_since = coalesce(missing_since, :now), "
                              "missing_passes = missing_passes + 1 WHERE name = :name AND digest = :digest "
                              "AND missing_passes = :passes AND {}",
                              of_registry),
                  now, name, digest, passes, registry, repository);
}

Deletions deleted_since(db::Session& session, RegistryId registry, const RepositoryPath& repository, Time since) {
  Deletions deletions;
  for (auto& [tag, digest] : session.rows<std::optional<std::string>, std::optional<std::string>>(
           "SELECT tag, digest FROM notification WHERE registry_id = :registry AND repository = :repository "
           "AND action = 'delete' AND received_at >= :since AND processed_at IS NOT NULL",
           registry, repository, since)) {
    if (tag) {
      deletions.tags.insert(std::move(*tag));
    } else if (digest) {
      deletions.digests.insert(std::move(*digest));
    }
  }
  return deletions;
}

}  // namespace spectacles::catalog::rows
