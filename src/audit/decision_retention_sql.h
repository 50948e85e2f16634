// How long decisions are kept. What activity recorded is never removed.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/clock.h"
#include "db/database.h"

namespace spectacles::audit {

struct Retention {
  std::chrono::days age{90};
  std::int64_t rows = 10'000'000;  // told by ids, of which some may be missing: so at most that many
};

class DecisionRetention {
 public:
  static constexpr int most_at_once = 250;  // removing one touches eight indexes

  DecisionRetention(db::Database& database, const Clock& clock, Retention retention)
      : database_(database), clock_(clock), retention_(retention) {}

  // Removes some of what is too old or too much, in one short transaction; true when there may be more. Throws
  // db::Error.
  bool remove_some();

 private:
  db::Database& database_;
  const Clock& clock_;
  const Retention retention_;
};

}  // namespace spectacles::audit
