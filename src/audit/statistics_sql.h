// How much happened, over time.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "db/database.h"
#include "names/ids.h"

namespace spectacles::audit {

// Of what: of everything, or of what somebody did himself and of what happened in namespaces that he owns.
struct Share {
  std::optional<AccountId> account = {};  // nothing: everything
  std::vector<NamespaceId> namespaces = {};
};

struct TrafficBucket {
  Time at;
  std::int64_t pushes = 0;    // tags that registries told of
  std::int64_t pulls = 0;     // tokens that were granted to pull, and not to push
  std::int64_t refusals = 0;  // decisions that left something out
};

class Statistics {
 public:
  explicit Statistics(db::Database& database) : database_(database) {}

  // In pieces of `width`, in order, also those in which nothing happened.
  std::vector<TrafficBucket> traffic(const Share& share, Time since, Time until, std::chrono::hours width);

 private:
  db::Database& database_;
};

}  // namespace spectacles::audit
