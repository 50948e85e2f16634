#include "audit/store_sql.h"

#include "db/like.h"
#include "db/query.h"

namespace spectacles::audit {
namespace {

// Columns of the table, in the order of RecordedEvent.
constexpr std::string_view select =
    "SELECT id, at, actor, action, subject, address, outcome, before_json, after_json FROM activity";

db::Query to_query(const EventFilter& filter) {
  db::Query query(select);
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
  if (!filter.search.empty()) query.where(db::matches("subject", "search"), db::containing(filter.search));
  return query;
}

std::vector<RecordedEvent> read(const db::Query& query, db::Session& session, const PageRequest& page) {
  std::vector<RecordedEvent> events;
  events.reserve(page.limit + 1);
  for (const auto& [id, at, actor, action, subject, address, outcome, before, after] :
       query.rows<std::int64_t, Time, std::optional<std::string>, std::string, std::string, std::optional<std::string>,
                  std::string, std::optional<std::string>, std::optional<std::string>>(
           session, page, {.column = "id", .tie = "id", .numeric = true})) {
    events.push_back({id, at, actor, action, subject, address, outcome, before, after});
  }
  return events;
}

}  // namespace

std::vector<std::string> key_of_event(const RecordedEvent& event) {
  return {std::to_string(event.id)};
}

Rows<RecordedEvent> ActivityStore::list(const EventFilter& filter, const PageRequest& page) {
  const auto query = to_query(filter);
  return database_.read([&](db::Session& session) {
    return Rows<RecordedEvent>{.rows = read(query, session, page), .total = query.count(session)};
  });
}

std::vector<RecordedEvent> ActivityStore::page(const EventFilter& filter, const PageRequest& page) {
  const auto query = to_query(filter);
  return database_.read([&](db::Session& session) { return read(query, session, page); });
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
