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

}  // namespace spectacles::catalog::rows
