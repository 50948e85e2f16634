#include "removal/retention_sql.h"

#include <boost/json.hpp>
#include <stdexcept>

#include "removal/retention_rules.h"

namespace spectacles::removal {
namespace {

RetentionRules parse_stored(const std::string& text) {
  return parse_retention_rules(boost::json::parse(text).as_object()).value();
}

Retention load_row(db::Session& session, NamespaceId ns) {
  Retention retention;
  const auto row =
      session.find<std::string, bool, std::optional<Time>, std::int64_t, std::int64_t, std::optional<std::string>>(
          "SELECT rules, enabled, ran_at, removed, failed, detail FROM retention WHERE namespace_id = :ns", ns);
  if (!row) return retention;
  const auto& [rules, enabled, ran_at, removed, failed, detail] = *row;
  return {.rules = parse_stored(rules),
          .enabled = enabled,
          .ran_at = ran_at,
          .removed = removed,
          .failed = failed,
          .detail = detail};
}

void ensure_row(db::Session& session, NamespaceId ns) {
  if (session.single<bool>("SELECT EXISTS (SELECT 1 FROM retention WHERE namespace_id = :ns)", ns)) return;
  session.execute("INSERT INTO retention (namespace_id, rules) VALUES (:ns, '{}')", ns);
}

boost::json::object describe(const Retention& retention) {
  auto described = render(retention.rules);
  described["enabled"] = retention.enabled;
  return described;
}

}  // namespace

Retention RetentionStore::load(NamespaceId ns) {
  return database_.read([&](db::Session& session) { return load_row(session, ns); });
}

std::vector<RetainedTag> RetentionStore::tags(const access::Namespace& ns, const access::NamespaceMap& all) {
  // Names below "team" lie between "team/" and "team0": '0' follows '/'.
  const auto from = ns.name.is_root() ? std::string() : ns.name.str() + "/";
  const auto to = ns.name.is_root() ? std::string("\x7f") : ns.name.str() + "0";
  return database_.read([&](db::Session& session) {
    std::vector<RetainedTag> tags;
    for (auto& [repository, tag, digest, pushed_at, changed_at, pulled_at] :
         session.rows<RepositoryPath, TagName, Digest, Time, Time, Time>(
             "SELECT r.name, t.name, t.digest, t.pushed_at, t.changed_at, t.pulled_at FROM tag t "
             "JOIN repository r ON r.id = t.repository_id "
             "WHERE r.registry_id = :registry AND r.name > :from AND r.name < :to ORDER BY r.name, t.name",
             ns.registry, from, to)) {
      const auto* covering = all.find_covering(ns.registry, repository);
      if (covering == nullptr || covering->id != ns.id) continue;
      tags.push_back({.repository = repository,
                      .rest = std::string(ns.name.rest_of(repository)),
                      .tag = tag,
                      .digest = digest,
                      .pushed_at = pushed_at == Time() ? changed_at : pushed_at,
                      .pulled_at = pulled_at == Time() ? std::nullopt : std::optional(pulled_at)});
    }
    return tags;
  });
}

void RetentionStore::note_dry_run(NamespaceId ns, const RetentionRules& rules) {
  database_.write([&](db::Session& session) {
    ensure_row(session, ns);
    session.execute("UPDATE retention SET tried_digest = :digest WHERE namespace_id = :ns", digest_of(rules), ns);
  });
}

Result<Retention> RetentionStore::save(const access::Namespace& ns, const std::string& subject,
                                       const RetentionRules& rules, bool enabled,
                                       const std::optional<std::string>& dry_run, const audit::Actor& actor) {
  return database_.write([&](db::Session& session) -> Result<Retention> {
    ensure_row(session, ns.id);
    const auto before = load_row(session, ns.id);
    auto after = before;
    after.rules = rules;
    after.enabled = enabled;
    if (describe(before) == describe(after)) return before;
    const auto digest = digest_of(rules);
    const auto tried = session.single<std::optional<std::string>>(
        "SELECT tried_digest FROM retention WHERE namespace_id = :ns", ns.id);
    const bool was_tried = dry_run == digest && tried == digest;
    if (enabled && !was_tried) {
      return refuse(RefusalKind::conflict,
                    "look first at what these rules would delete: dry_run is the digest that a dry run of exactly "
                    "these rules answers",
                    "dry_run");
    }
    session.execute("UPDATE retention SET rules = :rules, enabled = :enabled, due_at = 0 WHERE namespace_id = :ns",
                    boost::json::serialize(render(rules)), enabled, ns.id);
    recorder_.record(session, actor,
                     {.action = "retention.changed",
                      .subject = subject,
                      .ns = ns.id,
                      .before = describe(before),
                      .after = describe(after)});
    return after;
  });
}

std::optional<NamespaceId> RetentionStore::claim_due(Time again) {
  const auto due = [&](db::Session& session) {
    return session.find<NamespaceId>(
        "SELECT namespace_id FROM retention WHERE enabled = 1 AND due_at <= :now ORDER BY due_at, namespace_id LIMIT 1",
        clock_.now());
  };
  if (!database_.read(due)) return std::nullopt;
  return database_.write([&](db::Session& session) -> std::optional<NamespaceId> {
    const auto found = due(session);
    if (!found) return std::nullopt;
    session.execute("UPDATE retention SET due_at = :again WHERE namespace_id = :ns", again, std::get<0>(*found));
    return std::get<0>(*found);
  });
}

void RetentionStore::note_run(NamespaceId ns, const RunOutcome& outcome) {
  database_.write([&](db::Session& session) {
    session.execute(
        "UPDATE retention SET ran_at = :now, removed = :removed, failed = :failed, detail = :detail, due_at = :due "
        "WHERE namespace_id = :ns",
        clock_.now(), outcome.removed, outcome.failed,
        outcome.detail.empty() ? std::nullopt : std::optional(outcome.detail), outcome.due_at, ns);
  });
}

}  // namespace spectacles::removal
