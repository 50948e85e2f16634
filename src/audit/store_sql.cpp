#include "audit/store_sql.h"

#include <fmt/format.h>

#include "db/like.h"
#include "db/query.h"

namespace spectacles::audit {
namespace {

// Columns of the table, in the order of RecordedEvent.
constexpr std::string_view select =
    "SELECT id, at, actor_id, actor, action, subject, address, outcome, before_json, after_json, namespace_id "
    "FROM activity";

db::Query to_query(std::string_view selected, const EventFilter& filter) {
  db::Query query(selected);
  if (filter.actor_id) query.where("actor_id = :actor_id", *filter.actor_id);
  if (filter.actor && filter.actor->empty()) query.where("actor IS NULL");
  if (filter.actor && !filter.actor->empty()) query.where("actor = :actor", *filter.actor);
  // The kinds are prefixes up to a '.', so that the index on actions finds them; '/' follows '.'.
  if (filter.kind) query.where("action > :kind_from AND action < :kind_to", *filter.kind + ".", *filter.kind + "/");
  if (filter.action) query.where("action = :action", *filter.action);
  if (filter.outcome) query.where("outcome = :outcome", render_outcome(*filter.outcome));
  if (filter.address) query.where("address = :address", *filter.address);
  if (filter.ns) query.where("namespace_id = :ns", *filter.ns);
  if (filter.since) query.where("at >= :since", *filter.since);
  if (filter.until) query.where("at < :until", *filter.until);
  if (filter.ids) query.where("id > :ids_after AND id <= :ids_until", filter.ids->after, filter.ids->until);
  if (!filter.search.empty()) query.where(db::matches("subject", "search"), db::containing(filter.search));
  return query;
}

std::vector<RecordedEvent> read(const db::Query& query, db::Session& session, const PageRequest& page) {
  std::vector<RecordedEvent> events;
  events.reserve(page.limit + 1);
  using Text = std::optional<std::string>;
  for (const auto& [id, at, actor_id, actor, action, subject, address, outcome, before, after, ns] :
       query.rows<std::int64_t, Time, std::optional<AccountId>, Text, std::string, std::string, Text, std::string, Text,
                  Text, std::optional<NamespaceId>>(session, page, {.column = "id", .tie = "id", .numeric = true})) {
    events.push_back({id, at, actor_id, actor, action, subject, address, outcome, before, after, ns});
  }
  return events;
}

}  // namespace

std::vector<std::string> key_of_event(const RecordedEvent& event) {
  return {std::to_string(event.id)};
}

Rows<RecordedEvent> ActivityStore::list(const EventFilter& filter, const PageRequest& page) {
  const auto query = to_query(select, filter);
  return database_.read([&](db::Session& session) {
    return Rows<RecordedEvent>{.rows = read(query, session, page), .total = query.count(session)};
  });
}

std::vector<RecordedEvent> ActivityStore::page(const EventFilter& filter, const PageRequest& page) {
  const auto query = to_query(select, filter);
  return database_.read([&](db::Session& session) { return read(query, session, page); });
}

std::vector<EventBucket> ActivityStore::summarise(const EventFilter& filter, std::chrono::hours width) {
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(width).count();
  const auto first = to_millis(filter.since.value()) / millis * millis;
  std::vector<EventBucket> empty;
  for (auto at = from_millis(first); at < filter.until.value(); at += width) empty.push_back({.at = at});
  const auto query =
      to_query(fmt::format("SELECT at - at % {} AS bucket, outcome, COUNT(*) FROM activity", millis), filter);
  return database_.read([&](db::Session& session) {
    auto buckets = empty;
    for (const auto& [at, outcome, count] :
         query.all<Time, std::string, std::int64_t>(session, " GROUP BY 1, 2 ORDER BY 1, 2")) {
      auto& bucket = buckets.at(static_cast<std::size_t>((to_millis(at) - first) / millis));
      (outcome == render_outcome(Outcome::done) ? bucket.done : bucket.refused) = count;
    }
    return buckets;
  });
}

std::int64_t ActivityStore::newest() {
  return database_.read(
      [](db::Session& session) { return session.single<std::int64_t>("SELECT COALESCE(MAX(id), 0) FROM activity"); });
}

Counts ActivityStore::count() {
  return database_.read([](db::Session& session) {
    return Counts{
        .users = session.single<std::int64_t>("SELECT count(*) FROM account"),
        .groups = session.single<std::int64_t>("SELECT count(*) FROM user_group"),
        .registries = session.single<std::int64_t>("SELECT count(*) FROM registry"),
        .background_seen_at = session.single<std::optional<Time>>("SELECT max(finished_at) FROM registry_sync")};
  });
}

}  // namespace spectacles::audit
