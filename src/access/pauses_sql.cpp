#include "access/pauses_sql.h"

namespace spectacles::access {
namespace {

std::map<RegistryId, Pause> load_all(db::Session& session) {
  std::map<RegistryId, Pause> pauses;
  for (auto& [registry, since, until, by, reason] : session.rows<RegistryId, Time, Time, std::string, std::string>(
           "SELECT registry_id, opened_at, open_until, opened_by, reason FROM gc_window")) {
    pauses.emplace(registry, Pause{.since = since, .until = until, .by = by, .reason = reason});
  }
  return pauses;
}

std::optional<Pause> load(db::Session& session, RegistryId registry) {
  const auto pauses = load_all(session);  // of few registries, mostly of none
  const auto found = pauses.find(registry);
  return found == pauses.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Pause> if_on(std::optional<Pause> pause, Time now) {
  if (pause && pause->until <= now) return std::nullopt;
  return pause;
}

}  // namespace

std::optional<Pause> find_pause(db::Session& session, RegistryId registry, Time now) {
  return if_on(load(session, registry), now);
}

std::map<RegistryId, Pause> all_pauses(db::Session& session, Time now) {
  auto pauses = load_all(session);
  std::erase_if(pauses, [&](const auto& entry) { return entry.second.until <= now; });
  return pauses;
}

Pauses::Pauses(db::Database& database, db::Generation& generation)
    : database_(database), pauses_(generation, most_registries) {}

std::optional<Pause> Pauses::find(RegistryId registry) {
  const auto load_it = [&] { return database_.read([&](db::Session& session) { return load(session, registry); }); };
  return if_on(pauses_.get(registry, load_it), clock_.now());
}

}  // namespace spectacles::access
