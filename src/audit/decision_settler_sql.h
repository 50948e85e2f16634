// Moves decisions whose hour is over from `fresh_decision`, which is quick to write, to `decision`, which is quick to
// read. No grant is added to their sums any more then.
#pragma once

#include "base/clock.h"
#include "db/database.h"

namespace spectacles::audit {

class DecisionSettler {
 public:
  static constexpr int most_at_once = 250;  // moving one touches eight indexes

  struct Options {
    std::int64_t most_fresh = 1'000'000;  // rows; beyond it the oldest move though their hour goes on
  };

  DecisionSettler(db::Database& database, const Clock& clock) : DecisionSettler(database, clock, Options()) {}
  DecisionSettler(db::Database& database, const Clock& clock, Options options)
      : database_(database), clock_(clock), options_(options) {}

  // Moves some, in one short transaction; true when there may be more. Throws db::Error.
  bool settle_some();

 private:
  db::Database& database_;
  const Clock& clock_;
  const Options options_;
};

}  // namespace spectacles::audit
