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
  std::optional<IdRange> ids = {};
};

struct RecordedDecision {
  std::int64_t id = 0;
  Decision decision;
  // For refusals: who could grant it now. The owner of the namespace, if it still exists, then the administrators;
  // nobody for credentials that proved nobody.
  std::vector<std::string> who_can_grant;
};

// Its place in a list.
std::vector<std::string> key_of_decision(const RecordedDecision& recorded);

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
  // So far are rows counted: lists know no higher total, which says "at least" then.
  static constexpr std::int64_t most_counted = 10'000;

  explicit DecisionStore(db::Database& database) : database_(database) {}

  // By time and id, both upwards or both downwards; key_of_decision() says where a row stands. One row more than asked
  // for, if there are more.
  std::vector<RecordedDecision> page(const DecisionFilter& filter, const PageRequest& page);

  std::int64_t count(const DecisionFilter& filter);  // up to most_counted

  std::int64_t newest();  // the highest id

  // In pieces of `width` from `filter.since` to `filter.until`, which must be there.
  DecisionSummary summarise(const DecisionFilter& filter, std::chrono::hours width);

 private:
  db::Database& database_;
};

}  // namespace spectacles::audit
