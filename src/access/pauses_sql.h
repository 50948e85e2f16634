// Which registries are paused, for who decides.
#pragma once

#include <map>
#include <optional>

#include "access/pause.h"
#include "base/clock.h"
#include "db/remembered.h"
#include "db/session.h"

namespace spectacles::access {

// The pause that is on at `now`. Throws db::Error.
std::optional<Pause> find_pause(db::Session& session, RegistryId registry, Time now);
std::map<RegistryId, Pause> all_pauses(db::Session& session, Time now);

// The same for every token request: what this program has committed, and what others had half a second ago. May be used
// by several threads at once.
class Pauses {
 public:
  Pauses(db::Database& database, db::Generation& generation);

  std::optional<Pause> find(RegistryId registry);

 private:
  static constexpr std::size_t most_registries = 10'000;

  db::Database& database_;
  SystemClock clock_;
  db::Remembered<RegistryId, std::optional<Pause>> pauses_;  // as they stand in the database: also those that are over
};

}  // namespace spectacles::access
