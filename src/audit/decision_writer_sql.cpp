#include "audit/decision_writer_sql.h"

#include <string>
#include <vector>

namespace spectacles::audit {
namespace {

using db::Cell;

constexpr std::string_view insert =
    "INSERT INTO fresh_decision (key_high, key_low, at, last_at, hour, count, outcome, account_id, user_name, "
    "registry_id, registry, namespace_id, namespace, repository, requested, granted, rule_name, reason, passed_over, "
    "address, client)";
constexpr std::size_t columns = 21;

constexpr std::string_view add_to_sum =
    "count = fresh_decision.count + new(count), "
    "last_at = CASE WHEN fresh_decision.last_at < new(last_at) THEN new(last_at) ELSE fresh_decision.last_at END, "
    "account_id = new(account_id), namespace_id = new(namespace_id), namespace = new(namespace), "
    "rule_name = new(rule_name), reason = new(reason), address = new(address), client = new(client)";

Cell text_or_null(std::string_view text) {
  return text.empty() ? Cell() : Cell(text);
}

template <class Id>
Cell id_or_null(const std::optional<Id>& id) {
  return id ? Cell(id->value()) : Cell();
}

// The texts of a decision that are made for its row.
struct Actions {
  std::string requested;
  std::string granted;
};

void add_row(std::vector<Cell>& cells, const WaitingDecision& decision, const Actions& actions) {
  const auto& key = decision.key();
  cells.insert(cells.end(), {key ? Cell(key->high) : Cell(),
                             key ? Cell(key->low) : Cell(),
                             to_millis(decision.at()),
                             to_millis(decision.last_at()),
                             key ? Cell(to_millis(hour_of(decision.at()))) : Cell(),
                             decision.count(),
                             render_verdict(decision.verdict()),
                             id_or_null(decision.account()),
                             decision.user(),
                             decision.registry_id().value(),
                             decision.registry(),
                             id_or_null(decision.ns_id()),
                             text_or_null(decision.ns()),
                             decision.repository(),
                             actions.requested,
                             actions.granted,
                             decision.rule(),
                             decision.reason(),
                             text_or_null(decision.passed_over()),
                             text_or_null(decision.address()),
                             text_or_null(decision.client())});
}

void count_dropped(db::Session& session, Time hour, std::int64_t count) {
  if (session.execute("UPDATE decision_dropped SET count = count + :count WHERE hour = :hour", count, hour) > 0) return;
  session.execute("INSERT INTO decision_dropped (hour, count) VALUES (:hour, :count)", hour, count);
}

}  // namespace

void DecisionWriter::write(std::span<const WaitingDecision* const> decisions, const Dropped& dropped) {
  std::vector<Actions> actions;  // what the cells point to
  std::vector<Cell> cells;
  actions.reserve(decisions.size());
  cells.reserve(decisions.size() * columns);
  for (const auto* decision : decisions) {
    actions.push_back({render_actions(decision->requested(), decision->repository()),
                       render_actions(decision->granted(), decision->repository())});
    add_row(cells, *decision, actions.back());
  }
  database_.write([&](db::Session& session) {
    session.insert_rows(insert, columns, cells, session.merge("key_high, key_low", add_to_sum));
    for (const auto& [hour, count] : dropped) count_dropped(session, hour, count);
  });
}

}  // namespace spectacles::audit
