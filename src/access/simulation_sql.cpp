#include "access/simulation_sql.h"

#include <fmt/format.h>

#include "access/affected.h"
#include "access/rows_sql.h"
#include "access/settings_sql.h"
#include "access/uses_sql.h"
#include "access/world_sql.h"

namespace spectacles::access {
namespace {

using accounts::Principal;

// As far as trying goes, who reads everything is an administrator.
Principal acting_as(const Principal& who) {
  auto acting = who;
  if (acting.reads_everything()) acting.account->role = accounts::Role::admin;
  return acting;
}

Result<World> try_all(db::Session& session, const World& before, const std::vector<Proposal>& changes,
                      const Principal& who) {
  auto world = before;
  const Proposer by{.who = who, .may_have_personal = [&](RegistryId registry) {
                      return may_have_personal_namespace(session, registry, who.account->username);
                    }};
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const auto tried = try_out(world, changes[i], by);
    if (tried) continue;
    auto refusal = tried.error();
    refusal.field = refusal.field.empty() ? fmt::format("changes[{}]", i)
                                          : fmt::format("changes[{}].{}.{}", i, render_kind(changes[i]), refusal.field);
    return tl::unexpected(std::move(refusal));
  }
  return world;
}

std::set<NamespaceId> owned_by(const World& world, AccountId owner) {
  std::set<NamespaceId> owned;
  for (const auto& ns : world.namespaces) {
    if (ns.owner == owner) owned.insert(ns.id);
  }
  return owned;
}

}  // namespace

Result<SimulationAnswer> SimulationStore::simulate(const std::vector<Proposal>& changes, std::chrono::hours lately,
                                                   const Principal& who) {
  return database_.read([&](db::Session& session) -> Result<SimulationAnswer> {
    auto before = load_world(session);
    const auto after = try_all(session, before, changes, acting_as(who));
    if (!after) return pass_on(after);
    const auto affected = find_affected(before, *after);
    std::map<RegistryId, std::vector<RepositoryPath>> known;
    for (const auto& registry : affected.registries) {
      auto paths = rows::known_repositories(session, registry);
      std::sort(paths.begin(), paths.end());
      known.emplace(registry, std::move(paths));
    }
    const auto uses = find_uses(session, affected, clock_.now() - lately);
    const auto owned = owned_by(before, who.account->id);
    auto simulation = access::simulate({.before = before,
                                        .after = *after,
                                        .affected = affected,
                                        .known = known,
                                        .uses = uses,
                                        .may_know = [&](NamespaceId id) {
                                          return who.reads_everything() || owned.contains(id) || id < NamespaceId(0);
                                        }});
    return SimulationAnswer{.before = std::move(before), .simulation = std::move(simulation)};
  });
}

}  // namespace spectacles::access
