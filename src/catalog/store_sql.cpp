#include "catalog/store_sql.h"

#include "registries/rows_sql.h"

namespace spectacles::catalog {

SyncStore::Overview SyncStore::load_overview() {
  return database_.read([&](db::Session& session) {
    return Overview{registries::rows::all_registries(session), load_sync_states(session, clock_.now())};
  });
}

std::optional<Claim> SyncStore::try_claim(RegistryId registry, const ClaimTerms& terms) {
  return database_.write([&](db::Session& session) { return catalog::try_claim(session, registry, terms); });
}

bool SyncStore::renew(const Claim& claim, Time until) {
  return database_.write([&](db::Session& session) { return renew_claim(session, claim, until); });
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
