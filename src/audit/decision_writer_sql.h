// Writes decisions down, many at once.
#pragma once

#include <cstdint>
#include <map>
#include <span>

#include "audit/waiting_decision.h"
#include "db/database.h"

namespace spectacles::audit {

// How many decisions of an hour could not be kept.
using Dropped = std::map<Time, std::int64_t>;

class DecisionWriter {
 public:
  explicit DecisionWriter(db::Database& database) : database_(database) {}

  // One transaction. A grant is added to the row of its hour, if there is one. In the order of their keys grants are
  // written quickest. Throws db::Error: nothing was written then, unless the connection was lost at the very end.
  void write(std::span<const WaitingDecision* const> decisions, const Dropped& dropped);

 private:
  db::Database& database_;
};

}  // namespace spectacles::audit
