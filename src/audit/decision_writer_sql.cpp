#include "audit/decision_writer_sql.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace spectacles::audit {
namespace {

constexpr std::size_t rows_a_statement = 20;

std::optional<std::string> text_or_null(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

std::optional<std::string> render_passed_over(const Decision& decision) {
  if (decision.passed_over.empty()) return std::nullopt;
  boost::json::array rendered;
  for (const auto& finding : decision.passed_over) {
    rendered.push_back(boost::json::object{{"rule", finding.rule}, {"reason", finding.reason}});
  }
  return boost::json::serialize(rendered);
}

// Not by what engines have for this: each of theirs would use up an id for every grant that is added.
bool add_to_its_row(db::Session& session, const Decision& grant) {
  return session.execute(
             "UPDATE decision SET count = count + :count, last_at = CASE WHEN last_at < :last THEN :last ELSE last_at "
             "END, namespace_id = :ns_id, namespace = :ns, rule_name = :rule, reason = :reason, "
             "passed_over = :passed_over, address = :address, client = :client "
             "WHERE hour = :hour AND user_name = :user AND registry_id = :registry AND repository = :repository "
             "AND granted = :granted",
             grant.count, grant.last_at, grant.ns_id, text_or_null(grant.ns), grant.rule, grant.reason,
             render_passed_over(grant), text_or_null(grant.address), text_or_null(grant.client), hour_of(grant.at),
             grant.user, grant.registry_id, grant.repository, render_actions(grant.granted, grant.repository)) > 0;
}

void add_values(std::vector<db::Value>& values, const Decision& decision) {
  const bool summed = decision.verdict == Verdict::granted;
  const auto add = [&values](const auto&... each) { (values.push_back(db::to_value(each)), ...); };
  add(decision.at, decision.last_at, summed ? std::optional(hour_of(decision.at)) : std::nullopt, decision.count,
      render_verdict(decision.verdict), decision.account, decision.user, decision.registry_id, decision.registry,
      decision.ns_id, text_or_null(decision.ns), decision.repository,
      render_actions(decision.requested, decision.repository), render_actions(decision.granted, decision.repository),
      decision.rule, decision.reason, render_passed_over(decision), text_or_null(decision.address),
      text_or_null(decision.client));
}
constexpr std::size_t columns = 19;

void insert(db::Session& session, std::span<const Decision* const> decisions) {
  std::string sql =
      "INSERT INTO decision (at, last_at, hour, count, outcome, account_id, user_name, registry_id, registry, "
      "namespace_id, namespace, repository, requested, granted, rule_name, reason, passed_over, address, client) "
      "VALUES ";
  std::vector<db::Value> values;
  values.reserve(decisions.size() * columns);
  for (const auto* decision : decisions) {
    sql += values.empty() ? "(" : ", (";
    for (std::size_t column = 0; column < columns; ++column) {
      fmt::format_to(std::back_inserter(sql), "{}:v{}", column == 0 ? "" : ", ", values.size() + column);
    }
    sql += ")";
    add_values(values, *decision);
  }
  session.execute_with(sql, std::move(values));
}

void count_dropped(db::Session& session, Time hour, std::int64_t count) {
  if (session.execute("UPDATE decision_dropped SET count = count + :count WHERE hour = :hour", count, hour) > 0) return;
  session.execute("INSERT INTO decision_dropped (hour, count) VALUES (:hour, :count)", hour, count);
}

}  // namespace

void DecisionWriter::write(std::span<const Decision> decisions, const Dropped& dropped) {
  database_.write([&](db::Session& session) {
    std::vector<const Decision*> fresh;
    fresh.reserve(decisions.size());
    for (const auto& decision : decisions) {
      if (decision.verdict == Verdict::granted && add_to_its_row(session, decision)) continue;
      fresh.push_back(&decision);
    }
    for (std::size_t at = 0; at < fresh.size(); at += rows_a_statement) {
      insert(session, std::span(fresh).subspan(at, std::min(rows_a_statement, fresh.size() - at)));
    }
    for (const auto& [hour, count] : dropped) count_dropped(session, hour, count);
  });
}

}  // namespace spectacles::audit
