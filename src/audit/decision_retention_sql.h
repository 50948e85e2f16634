// Removes what is too old or too much.
#pragma once

#include "audit/retention.h"
#include "base/clock.h"
#include "db/database.h"

namespace spectacles::audit {

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
