#include "audit/statistics_sql.h"

#include <fmt/format.h>

#include "db/query.h"

namespace spectacles::audit {
namespace {

db::Query counting(std::string_view counted, std::string_view table, std::int64_t millis) {
  return db::Query(fmt::format("SELECT at - at % {} AS bucket, {} FROM {}", millis, counted, table));
}

void add_share(db::Query& query, const Share& share, std::string_view account_column) {
  if (!share.account) return;
  std::string list = "0";  // no namespace has it
  for (const auto& ns : share.namespaces) fmt::format_to(std::back_inserter(list), ", {}", ns.value());
  query.where(fmt::format("{} = :account OR namespace_id IN ({})", account_column, list), *share.account);
}

}  // namespace

std::vector<TrafficBucket> Statistics::traffic(const Share& share, Time since, Time until, std::chrono::hours width) {
  const auto millis = std::chrono::duration_cast<std::chrono::milliseconds>(width).count();
  const auto first = to_millis(since) / millis * millis;
  std::vector<TrafficBucket> empty;
  for (auto at = from_millis(first); at < until; at += width) empty.push_back({.at = at});

  auto pushes = counting("COUNT(*)", "activity", millis);
  pushes.where("action = 'tag.pushed'").where("at >= :since", since).where("at < :until", until);
  add_share(pushes, share, "actor_id");
  const auto decided = [&](std::string_view table, std::string_view which) {
    auto query = counting("SUM(count)", table, millis);
    query.where("at >= :since", since).where("at < :until", until).where(which);
    add_share(query, share, "account_id");
    return query;
  };

  return database_.read([&](db::Session& session) {
    auto buckets = empty;
    using Rows = std::vector<std::tuple<Time, std::int64_t>>;
    const auto add = [&](const Rows& rows, std::int64_t TrafficBucket::*counted) {
      for (const auto& [at, count] : rows) {
        buckets.at(static_cast<std::size_t>((to_millis(at) - first) / millis)).*counted += count;
      }
    };
    // Those of the hour that runs stand in a table of their own.
    const auto add_decided = [&](std::string_view which, std::int64_t TrafficBucket::*counted) {
      const auto settled = decided("decision", which);
      add(decided("fresh_decision", which).all_with<Time, std::int64_t>(session, settled, " GROUP BY 1"), counted);
    };
    add(pushes.all<Time, std::int64_t>(session, " GROUP BY 1 ORDER BY 1"), &TrafficBucket::pushes);
    add_decided("outcome = 'granted' AND granted = 'pull'", &TrafficBucket::pulls);
    add_decided("outcome = 'refused'", &TrafficBucket::refusals);
    return buckets;
  });
}

}  // namespace spectacles::audit
