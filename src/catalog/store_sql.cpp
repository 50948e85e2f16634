#include "catalog/store_sql.h"

#include "registries/rows_sql.h"

namespace spectacles::catalog {

SyncStore::Overview SyncStore::load_overview() {
  return database_.read([&](db::Session& session) {
    return Overview{registries::rows::all_registries(session), load_sync_states(session, clock_.now())};
  });
}

SyncState SyncStore::load_state(RegistryId registry) {
  return database_.read([&](db::Session& session) { return load_sync_state(session, registry, clock_.now()); });
}

Result<void> SyncStore::request(const audit::Actor& actor, RegistryId registry, bool confirm_removals) {
  return database_.write([&](db::Session& session) -> Result<void> {
    const auto found = registries::rows::find_registry(session, registry);
    if (!found) return refuse(RefusalKind::not_found, "there is no such registry");
    if (!request_pass(session, registry, clock_.now(), confirm_removals)) {
      return refuse(RefusalKind::conflict, "no removals wait to be confirmed", "confirm_removals");
    }
    recorder_.record(session, actor,
                     {.action = confirm_removals ? "catalog.removals_confirmed" : "catalog.sync_requested",
                      .subject = found->name.str()});
    return {};
  });
}

std::optional<Claim> SyncStore::try_claim(RegistryId registry, const ClaimTerms& terms) {
  return database_.write([&](db::Session& session) { return catalog::try_claim(session, registry, terms); });
}

void SyncStore::finish(const Claim& claim, SyncOutcome outcome, const std::string& detail) {
  database_.write([&](db::Session& session) { finish_claim(session, claim, outcome, detail, clock_.now()); });
}

void SyncStore::abandon(const Claim& claim) {
  database_.write([&](db::Session& session) { abandon_claim(session, claim); });
}

Changes SyncStore::begin_changes(const registries::Registry& registry, const Claim& claim,
                                 std::chrono::milliseconds claim_lasts) {
  return Changes(database_, recorder_, clock_, registry, claim, claim_lasts);
}

}  // namespace spectacles::catalog
