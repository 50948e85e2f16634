#include "catalog/tell_sql.h"

#include <chrono>

namespace spectacles::catalog {
namespace {

constexpr std::chrono::hours found_kept_for{24 * 7};  // registries repeat for as long as they run
constexpr std::chrono::minutes clocks_differ_by{1};

template <class Key>
std::optional<Place> find(db::Session& session, std::string_view condition, RegistryId registry, const Key& key) {
  const auto found = session.find<RepositoryId, RepositoryPath, std::optional<NamespaceId>,
                                  std::optional<NamespaceName>, Label, RegistryHost, Time>(
      "SELECT r.id, r.name, r.namespace_id, n.name, g.name, g.public_host, r.pushed_at FROM repository r "
      "JOIN registry g ON g.id = r.registry_id LEFT JOIN namespace n ON n.id = r.namespace_id "
      "WHERE r.registry_id = :registry AND " +
          std::string(condition),
      registry, key);
  if (!found) return std::nullopt;
  const auto& [id, name, ns, ns_name, registry_name, host, pushed_at] = *found;
  return Place{registry, id, name, ns, ns_name, registry_name, host, pushed_at};
}

// Whether any webhook is told.
bool enqueue(db::Session& session, const Place& place, const TagEvent& event, Time now) {
  if (!place.ns) return false;
  return hooks::enqueue(session,
                        {.event = event.event,
                         .at = event.at,
                         .ns = *place.ns,
                         .ns_name = *place.ns_name,
                         .registry = place.registry_name,
                         .registry_host = place.registry_host,
                         .repository = place.name,
                         .tag = event.tag,
                         .digest = event.digest,
                         .actor = event.actor},
                        now);
}

bool was_looked_at_before(db::Session& session, RegistryId registry) {
  return session.single<bool>(
      "SELECT EXISTS (SELECT 1 FROM registry_sync WHERE registry_id = :registry AND complete_at IS NOT NULL)",
      registry);
}

bool was_notified(db::Session& session, const Place& place, const TagName& tag, const Digest& digest) {
  return session.single<bool>(
      "SELECT EXISTS (SELECT 1 FROM notification n JOIN tag t ON t.repository_id = :repository AND t.name = :tag "
      "WHERE n.registry_id = :registry AND n.repository = :name AND n.action = 'push' AND n.tag = :tag "
      "AND n.digest = :digest AND n.processed_at >= t.changed_at)",
      place.id, tag, place.registry, place.name, digest);
}

}  // namespace

std::optional<Place> find_place(db::Session& session, RegistryId registry, const RepositoryPath& name) {
  return find(session, "r.name = :name", registry, name);
}

std::optional<Place> find_place(db::Session& session, RegistryId registry, RepositoryId id) {
  return find(session, "r.id = :id", registry, id);
}

void tell(db::Session& session, const Place& place, const TagEvent& event, Time now) {
  enqueue(session, place, event, now);
}

void tell_found_push(db::Session& session, const Place& place, const TagName& tag, const Digest& digest, Time now) {
  if (!place.ns || !was_looked_at_before(session, place.registry)) return;
  if (was_notified(session, place, tag, digest)) return;
  const TagEvent push{.event = hooks::HookEvent::push, .at = now, .tag = tag, .digest = digest};
  if (!enqueue(session, place, push, now)) return;
  session.execute(
      "INSERT INTO found_push (registry_id, repository, tag, digest, found_at) "
      "VALUES (:registry, :repository, :tag, :digest, :now)",
      place.registry, place.name, tag, digest, now);
}

bool was_found(db::Session& session, const Place& place, const TagName& tag, const Digest& digest, Time at) {
  const auto found = session.find<std::int64_t>(
      "SELECT id FROM found_push WHERE registry_id = :registry AND repository = :repository AND tag = :tag "
      "AND digest = :digest AND found_at >= :at ORDER BY found_at, id LIMIT 1",
      place.registry, place.name, tag, digest, Time(at - clocks_differ_by));
  if (!found) return false;
  session.execute("DELETE FROM found_push WHERE id = :id", std::get<0>(*found));
  return true;
}

void forget_found(db::Database& database, Time now) {
  const Time since = now - found_kept_for;
  const auto is_needed = database.read([&](db::Session& session) {
    return session.single<bool>("SELECT EXISTS (SELECT 1 FROM found_push WHERE found_at < :since)", since);
  });
  if (!is_needed) return;
  database.write(
      [&](db::Session& session) { session.execute("DELETE FROM found_push WHERE found_at < :since", since); });
}

}  // namespace spectacles::catalog
