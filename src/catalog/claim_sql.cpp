#include "catalog/claim_sql.h"

#include <array>
#include <stdexcept>
#include <utility>

namespace spectacles::catalog {
namespace {

constexpr std::array<std::pair<SyncOutcome, std::string_view>, 5> outcomes{{{SyncOutcome::never, "never"},
                                                                            {SyncOutcome::running, "running"},
                                                                            {SyncOutcome::complete, "complete"},
                                                                            {SyncOutcome::partial, "partial"},
                                                                            {SyncOutcome::failed, "failed"}}};

SyncOutcome parse_sync_outcome(std::string_view text) {
  for (const auto& [outcome, name] : outcomes) {
    if (name == text) return outcome;
  }
  throw std::runtime_error("the database holds an outcome of a pass that does not exist");
}

}  // namespace

std::string_view render_sync_outcome(SyncOutcome outcome) {
  return outcomes.at(static_cast<std::size_t>(outcome)).second;
}

namespace {

void make_row(db::Session& session, RegistryId registry) {
  session.execute(
      "INSERT INTO registry_sync (registry_id) SELECT id FROM registry WHERE id = :registry "
      "AND NOT EXISTS (SELECT 1 FROM registry_sync s WHERE s.registry_id = registry.id)",
      registry);
}

}  // namespace

std::optional<Claim> try_claim(db::Session& session, RegistryId registry, const ClaimTerms& terms) {
  make_row(session, registry);
  const auto before =
      session.find<std::optional<Time>>("SELECT started_at FROM registry_sync WHERE registry_id = :registry", registry);
  if (!before) return std::nullopt;
  const auto taken = session.execute(
      "UPDATE registry_sync SET holder = :holder, claimed_until = :until, started_at = :started, requested_at = NULL, "
      "phase = 'catalog', repositories_total = 0, repositories_done = 0, tags_done = 0, details_done = 0, "
      "missing_total = 0, missing_done = 0 "
      "WHERE registry_id = :registry AND ((holder IS NULL AND (started_at IS NULL OR started_at <= :due "
      "OR requested_at IS NOT NULL)) OR (holder IS NOT NULL AND claimed_until < :now))",
      terms.holder, terms.now + terms.lasts, terms.now, registry, terms.due_before, terms.now);
  if (taken != 1) return std::nullopt;
  return Claim{registry, terms.holder, std::get<0>(*before)};
}

bool renew_claim(db::Session& session, const Claim& claim, Time until, const SyncProgress& progress) {
  return session.execute(
             "UPDATE registry_sync SET claimed_until = :until, phase = :phase, repositories_total = :total, "
             "repositories_done = :repositories, tags_done = :tags, details_done = :details, "
             "missing_total = :missing, missing_done = :missing_done "
             "WHERE registry_id = :registry AND holder = :holder",
             until, progress.phase, progress.repositories_total, progress.repositories_done, progress.tags_done,
             progress.details_done, progress.missing_total, progress.missing_done, claim.registry, claim.holder) == 1;
}

bool request_pass(db::Session& session, RegistryId registry, Time now, bool confirm_removals) {
  make_row(session, registry);
  return session.execute(
             "UPDATE registry_sync SET requested_at = :now, "
             "removal_confirmed = CASE WHEN :confirm = 1 THEN 1 ELSE removal_confirmed END "
             "WHERE registry_id = :registry AND (:confirm = 0 OR braked_at IS NOT NULL)",
             now, confirm_removals, registry) == 1;
}

void finish_claim(db::Session& session, const Claim& claim, SyncOutcome outcome, const std::string& detail, Time now) {
  const auto shown_detail = detail.empty() ? std::nullopt : std::optional(detail);
  session.execute(
      "UPDATE registry_sync SET holder = NULL, claimed_until = 0, phase = NULL, outcome = :outcome, "
      "finished_at = :finished, "
      "complete_at = CASE WHEN :is_complete = 1 AND (complete_at IS NULL OR complete_at < started_at) THEN :complete "
      "ELSE complete_at END, detail = :detail "
      "WHERE registry_id = :registry AND holder = :holder",
      render_sync_outcome(outcome), now, outcome == SyncOutcome::complete, now, shown_detail, claim.registry,
      claim.holder);
}

void abandon_claim(db::Session& session, const Claim& claim) {
  session.execute(
      "UPDATE registry_sync SET holder = NULL, claimed_until = 0, phase = NULL, started_at = :before "
      "WHERE registry_id = :registry AND holder = :holder",
      claim.started_before, claim.registry, claim.holder);
}

SyncState load_sync_state(db::Session& session, RegistryId registry, Time now) {
  const auto states = load_sync_states(session, now);
  const auto found = states.find(registry);
  return found == states.end() ? SyncState{} : found->second;
}

std::map<RegistryId, SyncState> load_sync_states(db::Session& session, Time now) {
  std::map<RegistryId, SyncState> states;
  for (auto& [registry, holder, until, outcome, started, finished, complete, detail, requested, phase, total,
              repositories, tags, details, missing_total, missing_done, braked, vanished_repositories, vanished_tags] :
       session.rows<RegistryId, std::optional<std::string>, Time, std::string, std::optional<Time>, std::optional<Time>,
                    std::optional<Time>, std::optional<std::string>, std::optional<Time>, std::optional<std::string>,
                    std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t,
                    std::optional<Time>, std::int64_t, std::int64_t>(
           "SELECT registry_id, holder, claimed_until, outcome, started_at, finished_at, complete_at, detail, "
           "requested_at, phase, repositories_total, repositories_done, tags_done, details_done, "
           "missing_total, missing_done, braked_at, vanished_repositories, vanished_tags FROM registry_sync")) {
    const bool running = holder && until >= now;
    SyncState state{running ? SyncOutcome::running : parse_sync_outcome(outcome),
                    started,
                    finished,
                    complete,
                    detail,
                    holder && !running};
    state.requested_at = requested;
    if (running && phase)
      state.progress = SyncProgress{*phase, total, repositories, tags, details, missing_total, missing_done};
    if (braked) state.brake = SyncBrake{*braked, vanished_repositories, vanished_tags};
    states.emplace(registry, std::move(state));
  }
  return states;
}

}  // namespace spectacles::catalog
