// What was decided, for reading.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "audit/decision.h"
#include "audit/store_sql.h"
#include "base/page.h"
#include "db/database.h"
#include "db/query.h"

namespace spectacles::audit {

// Which decisions a list shows; what is left out does not matter.
struct DecisionFilter {
  std::optional<AccountId> account_id = {};
  std::optional<std::string> user = {};  // a name; "" for nobody who was signed in
  std::optional<Verdict> verdict = {};
  std::optional<std::string> registry = {};
  std::optional<std::string> repository = {};
  std::optional<NamespaceId> ns = {};
  std::optional<std::string> rule = {};
  std::optional<std::string> action = {};  // that was asked for: "pull", "push", "delete", "*" (the catalog)
  std::optional<std::string> address = {};
  std::optional<Time> since = {};
  std::optional<Time> until = {};  // before it
  std::string search = {};         // a part of the repository's or the user's name
};

struct RecordedDecision {
  std::int64_t id = 0;  // another one once its hour is over
  Decision decision;
  // For refusals: who could grant it now. The owner of the namespace, if it still exists, then the administrators;
  // nobody for credentials that proved nobody.
  std::vector<std::string> who_can_grant;
};

struct DecisionPage {
  std::vector<RecordedDecision> rows;
  // What `after` of the next page is, if there may be more.
  std::optional<std::vector<std::string>> next;
};

struct DecisionCount {
  std::int64_t count = 0;
  bool is_minimum = false;  // there may be more
};

struct DecisionBucket {
  Time at;
  std::int64_t granted = 0;
  std::int64_t refused = 0;
};

struct DecisionSummary {
  std::vector<DecisionBucket> buckets;  // in order, also those in which nothing was decided
  std::int64_t dropped = 0;             // of all decisions of that time, whatever the filter is
};

class DecisionStore {
 public:
  // So far are rows counted.
  static constexpr std::int64_t most_counted = 10'000;
  // So many rows are looked at for a page or a count, where no index tells which ones match: what a page has not found
  // among these the next one may find.
  static constexpr std::int64_t most_looked_at = 200'000;

  explicit DecisionStore(db::Database& database) : DecisionStore(database, most_looked_at) {}
  DecisionStore(db::Database& database, std::int64_t looked_at) : database_(database), most_looked_at_(looked_at) {}

  // By time and id, both upwards or both downwards. A page may have fewer rows than asked for, or none, though there
  // are more; `next` alone tells.
  DecisionPage page(const DecisionFilter& filter, const PageRequest& page);

  DecisionCount count(const DecisionFilter& filter);

  // For who follows what is refused as it is told: the highest id of the hour that runs, 0 while there is none, and up
  // to `most` + 1 refusals of that hour by their ids there, in that order. Whoever decided it, later ones have higher
  // ids.
  std::int64_t newest_fresh();
  std::vector<RecordedDecision> fresh_refusals(const IdRange& ids, std::size_t most);

  // In pieces of `width` from `filter.since` to `filter.until`, which must be there.
  DecisionSummary summarise(const DecisionFilter& filter, std::chrono::hours width);

 private:
  DecisionPage look(db::Session& session, const DecisionFilter& filter, const PageRequest& page, std::int64_t most);
  std::optional<Time> find_nearest_horizon(db::Session& session, const DecisionFilter& filter, const PageRequest& page,
                                           std::int64_t most);

  db::Database& database_;
  const std::int64_t most_looked_at_;
};

}  // namespace spectacles::audit
