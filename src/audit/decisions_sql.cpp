#include "audit/decisions_sql.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <map>
#include <set>

#include "db/like.h"

namespace spectacles::audit {
namespace {

using Text = std::optional<std::string>;

constexpr std::int64_t few_looked_at = 5'000;

constexpr std::string_view columns =
    "SELECT id, at, last_at, count, outcome, account_id, user_name, registry_id, registry, namespace_id, namespace, "
    "repository, requested, granted, rule_name, reason, passed_over, address, client FROM ";

// Where decisions are: those of the hour that runs, and those before. What moves goes from the first to the second, so
// who reads them one after another in this order misses nothing.
enum class Shelf { fresh, settled };
constexpr std::array shelves{Shelf::fresh, Shelf::settled};

// Ids of fresh ones are shown above all others, so that both have an order together. JSON can still say these exactly.
constexpr std::int64_t fresh_ids = std::int64_t{1} << 52U;

// The index that finds most of what a filter asks for, by its column; what else is asked for has to be looked at.
std::string_view leading_column(const DecisionFilter& filter) {
  if (filter.repository) return "repository";
  if (filter.user) return "user";
  if (filter.account_id) return "account";
  if (filter.address) return "address";
  return filter.ns ? "namespace" : "at";
}

bool looks_at_rows(const DecisionFilter& filter, Shelf shelf) {
  const auto is_led_by = [&, leading = shelf == Shelf::fresh ? "at" : leading_column(filter)](
                             bool given, std::string_view column) { return !given || leading == column; };
  return filter.verdict || filter.registry || filter.rule || filter.action || !filter.search.empty() ||
         !is_led_by(filter.repository.has_value(), "repository") || !is_led_by(filter.user.has_value(), "user") ||
         !is_led_by(filter.account_id.has_value(), "account") || !is_led_by(filter.address.has_value(), "address") ||
         !is_led_by(filter.ns.has_value(), "namespace");
}

std::string table_of(const db::Database& database, Shelf shelf, const DecisionFilter& filter) {
  return shelf == Shelf::fresh ? database.by_index("fresh_decision", "fresh_decision_by_at")
                               : database.by_index("decision", "decision_by_" + std::string(leading_column(filter)));
}

// What the index answers alone.
void add_leading(db::Query& query, const DecisionFilter& filter, Shelf shelf) {
  if (filter.since) query.where("at >= :since", *filter.since);
  if (filter.until) query.where("at < :until", *filter.until);
  if (shelf == Shelf::fresh) return;
  const auto leading = leading_column(filter);
  if (leading == "repository") query.where("repository = :repository", *filter.repository);
  if (leading == "user") query.where("user_name = :user", *filter.user);
  if (leading == "account") query.where("account_id = :account_id", *filter.account_id);
  if (leading == "address") query.where("address = :address", *filter.address);
  if (leading == "namespace") query.where("namespace_id = :ns", *filter.ns);
}

void add_all(db::Query& query, const DecisionFilter& filter) {
  if (filter.since) query.where("at >= :since", *filter.since);
  if (filter.until) query.where("at < :until", *filter.until);
  if (filter.account_id) query.where("account_id = :account_id", *filter.account_id);
  if (filter.user) query.where("user_name = :user", *filter.user);
  if (filter.verdict) query.where("outcome = :outcome", render_verdict(*filter.verdict));
  if (filter.registry) query.where("registry = :registry", *filter.registry);
  if (filter.repository) query.where("repository = :repository", *filter.repository);
  if (filter.ns) query.where("namespace_id = :ns", *filter.ns);
  if (filter.rule) query.where("rule_name = :rule", *filter.rule);
  if (filter.action) query.where("requested LIKE :action", "%" + *filter.action + "%");
  if (filter.address) query.where("address = :address", *filter.address);
  if (!filter.search.empty()) {
    query.where(db::matches("repository", "search") + " OR " + db::matches("user_name", "search"),
                db::containing(filter.search));
  }
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

const std::vector<db::Query::Key> by_at{{.column = "at", .numeric = true}, {.column = "id", .numeric = true}};
const std::vector<db::Query::Key> by_id{{.column = "id", .numeric = true}};

// The same page as the shelf's own ids tell it.
PageRequest on_shelf(PageRequest page, Shelf shelf) {
  if (shelf == Shelf::fresh && !page.after.empty()) {
    page.after[1] = std::to_string(db::parse_integer(page.after[1]) - fresh_ids);
  }
  return page;
}

std::vector<RecordedDecision> read(const db::Query& query, db::Session& session, const PageRequest& page, Shelf shelf,
                                   const std::vector<db::Query::Key>& order = by_at) {
  std::vector<RecordedDecision> read;
  read.reserve(page.limit + 1);
  for (auto& [id, at, last_at, count, outcome, account, user, registry_id, registry, ns_id, ns, repository, requested,
              granted, rule, reason, passed_over, address, client] :
       query.rows<std::int64_t, Time, Time, std::int64_t, std::string, std::optional<AccountId>, std::string,
                  RegistryId, std::string, std::optional<NamespaceId>, Text, std::string, std::string, std::string,
                  std::string, std::string, Text, Text, Text>(session, on_shelf(page, shelf), order)) {
    read.push_back(
        {.id = shelf == Shelf::fresh ? id + fresh_ids : id,
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

// Up to where `most` rows reach that the index leads to; nothing if there are not so many.
std::optional<Time> find_horizon(const db::Database& database, db::Session& session, const DecisionFilter& filter,
                                 PageRequest page, Shelf shelf, std::int64_t most) {
  db::Query query("SELECT at, id FROM " + table_of(database, shelf, filter));
  add_leading(query, filter, shelf);
  page.limit = 0;  // and the one row that tells that there are more
  const auto found = query.rows_from<Time, std::int64_t>(session, on_shelf(page, shelf), by_at, most);
  return found.empty() ? std::nullopt : std::optional(std::get<0>(found.front()));
}

// The filter up to the horizon, which lies within it and is looked at whole.
DecisionFilter up_to(DecisionFilter filter, Time horizon, bool descending) {
  if (descending) {
    filter.since = horizon;
  } else {
    filter.until = horizon + std::chrono::milliseconds(1);
  }
  return filter;
}

// Behind all that the horizon takes in.
std::vector<std::string> behind(Time horizon, bool descending) {
  const auto at = to_millis(horizon);
  return {std::to_string(descending ? at : at + 1), "0"};
}

std::vector<std::string> key_of(const RecordedDecision& recorded) {
  return {std::to_string(to_millis(recorded.decision.at)), std::to_string(recorded.id)};
}

bool holds(const std::vector<RecordedDecision>& rows, const Decision& decision) {
  return std::any_of(rows.begin(), rows.end(), [&](const auto& row) { return row.decision == decision; });
}

void sort_by_page(std::vector<RecordedDecision>& rows, bool descending) {
  std::sort(rows.begin(), rows.end(), [descending](const auto& left, const auto& right) {
    const auto key = [](const auto& row) { return std::pair(row.decision.at, row.id); };
    return descending ? key(right) < key(left) : key(left) < key(right);
  });
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

// Few rows are enough for most pages; only a page that these do not fill looks at as many as it may.
DecisionPage DecisionStore::page(const DecisionFilter& filter, const PageRequest& page) {
  return database_.read([&](db::Session& session) {
    DecisionPage found;
    for (const auto most : {std::min(few_looked_at, most_looked_at_), most_looked_at_}) {
      found = look(session, filter, page, most);
      if (found.rows.size() >= page.limit || !found.next) break;
    }
    add_who_can_grant(session, found.rows);
    return found;
  });
}

DecisionPage DecisionStore::look(db::Session& session, const DecisionFilter& filter, const PageRequest& page,
                                 std::int64_t most) {
  const bool descending = page.order.descending;
  const auto horizon = find_nearest_horizon(session, filter, page, most);
  const auto within = horizon ? up_to(filter, *horizon, descending) : filter;
  DecisionPage found;
  for (const auto shelf : shelves) {
    db::Query query(std::string(columns) + table_of(database_, shelf, within));
    add_all(query, within);
    auto rows = read(query, session, page, shelf);
    // What has moved since the other shelf was read.
    std::erase_if(found.rows, [&](const auto& row) { return holds(rows, row.decision); });
    std::move(rows.begin(), rows.end(), std::back_inserter(found.rows));
  }
  sort_by_page(found.rows, descending);
  if (found.rows.size() > page.limit) {
    found.rows.erase(found.rows.begin() + static_cast<std::ptrdiff_t>(page.limit), found.rows.end());
    found.next = key_of(found.rows.back());
  } else if (horizon) {
    found.next = behind(*horizon, descending);
  }
  return found;
}

std::optional<Time> DecisionStore::find_nearest_horizon(db::Session& session, const DecisionFilter& filter,
                                                        const PageRequest& page, std::int64_t most) {
  std::optional<Time> nearest;
  for (const auto shelf : shelves) {
    if (!looks_at_rows(filter, shelf)) continue;
    const auto horizon = find_horizon(database_, session, filter, page, shelf, most);
    if (!horizon) continue;
    const auto other = nearest.value_or(*horizon);
    nearest = page.order.descending ? std::max(other, *horizon) : std::min(other, *horizon);
  }
  return nearest;
}

DecisionCount DecisionStore::count(const DecisionFilter& filter) {
  return database_.read([&](db::Session& session) {
    const PageRequest newest{.limit = 1, .order = {"at", true}};
    const auto horizon = find_nearest_horizon(session, filter, newest, most_looked_at_);
    const auto within = horizon ? up_to(filter, *horizon, true) : filter;
    std::int64_t count = 0;
    for (const auto shelf : shelves) {
      db::Query query("SELECT id FROM " + table_of(database_, shelf, within));
      add_all(query, within);
      count += query.count_up_to(session, most_counted - std::min(count, most_counted));
    }
    return DecisionCount{.count = count, .is_minimum = horizon.has_value() || count >= most_counted};
  });
}

std::int64_t DecisionStore::newest_fresh() {
  return database_.read([](db::Session& session) {
    return session.single<std::int64_t>("SELECT COALESCE(MAX(id), 0) FROM fresh_decision");
  });
}

std::vector<RecordedDecision> DecisionStore::fresh_refusals(const IdRange& ids, std::size_t most) {
  return database_.read([&](db::Session& session) {
    db::Query query(std::string(columns) + "fresh_decision");
    query.where("outcome = :outcome", render_verdict(Verdict::refused));
    query.where("id > :ids_after AND id <= :ids_until", ids.after, ids.until);
    auto refusals = read(query, session, {.limit = most, .order = {"id", false}}, Shelf::fresh, by_id);
    add_who_can_grant(session, refusals);
    return refusals;
  });
}

DecisionSummary DecisionStore::summarise(const DecisionFilter& filter, std::chrono::hours width) {
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(width).count();
  const auto bucket_of = [millis](Time at) { return from_millis(to_millis(at) - to_millis(at) % millis); };
  DecisionSummary summary;
  for (auto at = bucket_of(filter.since.value()); at < filter.until.value(); at += width) {
    summary.buckets.push_back({.at = at});
  }
  const auto sums_of = [&](std::string_view table) {
    db::Query query(fmt::format("SELECT at - at % {} AS bucket, outcome, SUM(count) FROM {}", millis, table));
    add_all(query, filter);
    return query;
  };
  database_.read([&](db::Session& session) {
    for (auto& bucket : summary.buckets) bucket.granted = bucket.refused = 0;
    for (const auto& [at, outcome, count] :
         sums_of("fresh_decision")
             .all_with<Time, std::string, std::int64_t>(session, sums_of("decision"), " GROUP BY 1, 2")) {
      auto& bucket = summary.buckets.at(static_cast<std::size_t>((at - summary.buckets.front().at) / width));
      (outcome == render_verdict(Verdict::granted) ? bucket.granted : bucket.refused) += count;
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
