#include "audit/decisions_sql.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <map>
#include <set>

#include "db/like.h"

namespace spectacles::audit {
namespace {

using Text = std::optional<std::string>;

constexpr std::string_view select =
    "SELECT id, at, last_at, count, outcome, account_id, user_name, registry_id, registry, namespace_id, namespace, "
    "repository, requested, granted, rule_name, reason, passed_over, address, client FROM decision";

db::Query to_query(std::string_view selected, const DecisionFilter& filter) {
  db::Query query(selected);
  if (filter.account_id) query.where("account_id = :account_id", *filter.account_id);
  if (filter.user) query.where("user_name = :user", *filter.user);
  if (filter.verdict) query.where("outcome = :outcome", render_verdict(*filter.verdict));
  if (filter.registry) query.where("registry = :registry", *filter.registry);
  if (filter.repository) query.where("repository = :repository", *filter.repository);
  if (filter.ns) query.where("namespace_id = :ns", *filter.ns);
  if (filter.rule) query.where("rule_name = :rule", *filter.rule);
  if (filter.action) query.where("requested LIKE :action", "%" + *filter.action + "%");
  if (filter.address) query.where("address = :address", *filter.address);
  if (filter.since) query.where("at >= :since", *filter.since);
  if (filter.until) query.where("at < :until", *filter.until);
  if (filter.ids) query.where("id > :ids_after AND id <= :ids_until", filter.ids->after, filter.ids->until);
  if (!filter.search.empty()) {
    query.where(db::matches("repository", "search") + " OR " + db::matches("user_name", "search"),
                db::containing(filter.search));
  }
  return query;
}

std::vector<Finding> parse_passed_over(const Text& text) {
  std::vector<Finding> findings;
  if (!text) return findings;
  const auto parsed = boost::json::parse(*text);
  for (const auto& one : parsed.as_array()) {
    findings.push_back({std::string(one.at("rule").as_string()), std::string(one.at("reason").as_string())});
  }
  return findings;
}

std::vector<RecordedDecision> read(const db::Query& query, db::Session& session, const PageRequest& page) {
  std::vector<RecordedDecision> read;
  read.reserve(page.limit + 1);
  for (auto& [id, at, last_at, count, outcome, account, user, registry_id, registry, ns_id, ns, repository, requested,
              granted, rule, reason, passed_over, address, client] :
       query.rows<std::int64_t, Time, Time, std::int64_t, std::string, std::optional<AccountId>, std::string,
                  RegistryId, std::string, std::optional<NamespaceId>, Text, std::string, std::string, std::string,
                  std::string, std::string, Text, Text, Text>(
           session, page, {{.column = "at", .numeric = true}, {.column = "id", .numeric = true}})) {
    read.push_back(
        {.id = id,
         .decision = {.at = at,
                      .last_at = last_at,
                      .count = count,
                      .verdict = outcome == render_verdict(Verdict::granted) ? Verdict::granted : Verdict::refused,
                      .account = account,
                      .user = user,
                      .registry_id = registry_id,
                      .registry = registry,
                      .ns_id = ns_id,
                      .ns = ns.value_or(""),
                      .repository = repository,
                      .requested = parse_recorded_actions(requested),
                      .granted = parse_recorded_actions(granted),
                      .rule = rule,
                      .reason = reason,
                      .passed_over = parse_passed_over(passed_over),
                      .address = address.value_or(""),
                      .client = client.value_or("")},
         .who_can_grant = {}});
  }
  return read;
}

bool can_be_granted(const Decision& decision) {
  return decision.verdict == Verdict::refused && decision.rule != credentials_rule;
}

// The owners of the namespaces in which something was refused.
std::map<NamespaceId, std::string> load_owners(db::Session& session, const std::vector<RecordedDecision>& recorded) {
  std::set<NamespaceId> ids;
  for (const auto& [id, decision, who] : recorded) {
    if (decision.ns_id && can_be_granted(decision)) ids.insert(*decision.ns_id);
  }
  std::map<NamespaceId, std::string> owners;
  if (ids.empty()) return owners;
  std::string list;
  for (const auto& id : ids) fmt::format_to(std::back_inserter(list), "{}{}", list.empty() ? "" : ", ", id.value());
  for (const auto& [id, owner] : session.rows<NamespaceId, std::string>(
           "SELECT n.id, a.username FROM namespace n JOIN account a ON a.id = n.owner_id WHERE n.id IN (" + list +
           ")")) {
    owners.emplace(id, owner);
  }
  return owners;
}

void add_who_can_grant(db::Session& session, std::vector<RecordedDecision>& recorded) {
  if (std::none_of(recorded.begin(), recorded.end(), [](const auto& one) { return can_be_granted(one.decision); })) {
    return;
  }
  const auto owners = load_owners(session, recorded);
  const auto administrators =
      session.rows<std::string>("SELECT username FROM account WHERE role = 'admin' AND disabled = 0 ORDER BY username");
  for (auto& [id, decision, who] : recorded) {
    if (!can_be_granted(decision)) continue;
    const auto owner = decision.ns_id ? owners.find(*decision.ns_id) : owners.end();
    if (owner != owners.end()) who.push_back(owner->second);
    for (const auto& [name] : administrators) {
      if (owner == owners.end() || name != owner->second) who.push_back(name);
    }
  }
}

}  // namespace

std::vector<std::string> key_of_decision(const RecordedDecision& recorded) {
  return {std::to_string(to_millis(recorded.decision.at)), std::to_string(recorded.id)};
}

std::vector<RecordedDecision> DecisionStore::page(const DecisionFilter& filter, const PageRequest& page) {
  const auto query = to_query(select, filter);
  return database_.read([&](db::Session& session) {
    auto recorded = read(query, session, page);
    add_who_can_grant(session, recorded);
    return recorded;
  });
}

std::int64_t DecisionStore::count(const DecisionFilter& filter) {
  const auto query = to_query(select, filter);
  return database_.read([&](db::Session& session) { return query.count_up_to(session, most_counted); });
}

std::int64_t DecisionStore::newest() {
  return database_.read(
      [](db::Session& session) { return session.single<std::int64_t>("SELECT COALESCE(MAX(id), 0) FROM decision"); });
}

DecisionSummary DecisionStore::summarise(const DecisionFilter& filter, std::chrono::hours width) {
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(width).count();
  const auto bucket_of = [millis](Time at) { return from_millis(to_millis(at) - to_millis(at) % millis); };
  DecisionSummary summary;
  for (auto at = bucket_of(filter.since.value()); at < filter.until.value(); at += width) {
    summary.buckets.push_back({.at = at});
  }
  const auto query =
      to_query(fmt::format("SELECT at - at % {} AS bucket, outcome, SUM(count) FROM decision", millis), filter);
  database_.read([&](db::Session& session) {
    for (auto& bucket : summary.buckets) bucket.granted = bucket.refused = 0;
    for (const auto& [at, outcome, count] :
         query.all<Time, std::string, std::int64_t>(session, " GROUP BY 1, 2 ORDER BY 1, 2")) {
      auto& bucket = summary.buckets.at(static_cast<std::size_t>((at - summary.buckets.front().at) / width));
      (outcome == render_verdict(Verdict::granted) ? bucket.granted : bucket.refused) = count;
    }
    summary.dropped = session
                          .single<std::optional<std::int64_t>>(
                              "SELECT SUM(count) FROM decision_dropped WHERE hour >= :since AND hour < :until",
                              hour_of(*filter.since), *filter.until)
                          .value_or(0);
  });
  return summary;
}

}  // namespace spectacles::audit
