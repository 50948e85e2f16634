#include "audit/decision_settler_sql.h"

#include <fmt/format.h>

#include "audit/decision.h"

namespace spectacles::audit {
namespace {

// Decisions are on their way for some seconds. What comes later is added to the sum where it stands then.
constexpr std::chrono::minutes on_their_way{1};

bool are_too_many(db::Session& session, std::int64_t most) {
  return session.find<std::int64_t>("SELECT id FROM fresh_decision ORDER BY id LIMIT 1 OFFSET :most", most).has_value();
}

// The oldest of those to move, as a list; of two processes that move the same, the second finds nothing.
std::string find_settled(db::Session& session, Time before, std::int64_t most_fresh) {
  const auto end = are_too_many(session, most_fresh) ? Time::max() : before;
  std::string list;
  for (const auto& [id] :
       session.rows<std::int64_t>("SELECT id FROM fresh_decision WHERE at < :end ORDER BY at, id LIMIT :most", end,
                                  DecisionSettler::most_at_once)) {
    fmt::format_to(std::back_inserter(list), "{}{}", list.empty() ? "" : ", ", id);
  }
  return list;
}

// Only a sum that moved while its hour went on, or another process was late, is there already.
std::string add_to_sum(const db::Session& session) {
  return session.merge(
      "hour, user_name, registry_id, repository, granted",
      "count = decision.count + new(count), "
      "last_at = CASE WHEN decision.last_at < new(last_at) THEN new(last_at) ELSE decision.last_at END, "
      "namespace_id = new(namespace_id), namespace = new(namespace), rule_name = new(rule_name), "
      "reason = new(reason), address = new(address), client = new(client)");
}

}  // namespace

bool DecisionSettler::settle_some() {
  const Time before = hour_of(clock_.now() - on_their_way);
  if (database_.read([&](db::Session& session) { return find_settled(session, before, options_.most_fresh); })
          .empty()) {
    return false;
  }
  return database_.write([&](db::Session& session) {
    const auto ids = find_settled(session, before, options_.most_fresh);
    if (ids.empty()) return false;
    session.execute(
        "INSERT INTO decision (at, last_at, hour, count, outcome, account_id, user_name, registry_id, registry, "
        "namespace_id, namespace, repository, requested, granted, rule_name, reason, passed_over, address, client) "
        "SELECT at, last_at, hour, count, outcome, account_id, user_name, registry_id, registry, namespace_id, "
        "namespace, repository, requested, granted, rule_name, reason, passed_over, address, client "
        "FROM fresh_decision WHERE id IN (" +
        ids + ") ORDER BY at, id" + add_to_sum(session));
    session.execute("DELETE FROM fresh_decision WHERE id IN (" + ids + ")");
    return true;
  });
}

}  // namespace spectacles::audit
