// What would change if... Changes nothing.
#pragma once

#include <vector>

#include "access/proposal.h"
#include "access/simulate.h"
#include "base/clock.h"
#include "db/database.h"

namespace spectacles::access {

struct SimulationAnswer {
  World before;  // whose people and registries the numbers and ids in `simulation` are
  Simulation simulation;
};

class SimulationStore {
 public:
  SimulationStore(db::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  // Tries the changes one after another. Refuses as the change itself would be for `who`, with the change before
  // the field ("changes[0].namespace.members[1]"). Auditors may try what administrators may do; of what an owner does
  // only what happens in his own namespaces is told. "Lately" begins at `lately` before now.
  Result<SimulationAnswer> simulate(const std::vector<Proposal>& changes, std::chrono::hours lately,
                                    const accounts::Principal& who);

 private:
  db::Database& database_;
  const Clock& clock_;
};

}  // namespace spectacles::access
