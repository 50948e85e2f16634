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
  auto pulls = counting("SUM(count)", "decision", millis);
  pulls.where("at >= :since", since).where("at < :until", until).where("outcome = 'granted'").where("granted = 'pull'");
  add_share(pulls, share, "account_id");
  auto refusals = counting("SUM(count)", "decision", millis);
  refusals.where("at >= :since", since).where("at < :until", until).where("outcome = 'refused'");
  add_share(refusals, share, "account_id");

  return database_.read([&](db::Session& session) {
    auto buckets = empty;
    const auto add = [&](const db::Query& query, std::int64_t TrafficBucket::*counted) {
      for (const auto& [at, count] : query.all<Time, std::int64_t>(session, " GROUP BY 1 ORDER BY 1")) {
        buckets.at(static_cast<std::size_t>((to_millis(at) - first) / millis)).*counted = count;
      }
    };
    add(pushes, &TrafficBucket::pushes);
    add(pulls, &TrafficBucket::pulls);
    add(refusals, &TrafficBucket::refusals);
    return buckets;
  });
}

}  // namespace spectacles::audit
