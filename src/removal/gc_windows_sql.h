// While a registry collects its garbage it takes nothing in: the window during which access grants no push and no
// delete there (access/pause). It ends when it is closed, or by itself when who opened it does not renew it any more.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <unordered_map>

#include "access/pause.h"
#include "audit/recorder.h"
#include "base/synced.h"
#include "db/database.h"
#include "names/label.h"

namespace spectacles::removal {

struct GcWindow {
  access::Pause pause;
  // Until when tokens that push or delete may be out there: what was signed cannot be taken back. Nothing: none is.
  std::optional<Time> writes_until;
};

// May be used by several threads at once. All functions throw db::Error.
class GcWindows {
 public:
  GcWindows(db::Database& database, const audit::Recorder& recorder, const Clock& clock)
      : database_(database), recorder_(recorder), clock_(clock) {}

  struct Opening {
    RegistryId registry;
    Label registry_name;
    std::string holder;  // a random id of who will renew and close it
    std::chrono::milliseconds lasts;
    std::string reason;
  };
  // From here on nothing is granted that writes. Refuses (conflict) while one is open.
  Result<GcWindow> open(const Opening& opening, const audit::Actor& actor);

  // False when it is over: closed by somebody else, or run out.
  bool renew(RegistryId registry, const std::string& holder, std::chrono::milliseconds lasts);

  // Closes the one of `holder`, or whichever there is; false when there is none. What lies in the trash of the registry
  // is doubted from then on.
  bool close(RegistryId registry, const Label& registry_name, const std::optional<std::string>& holder,
             const audit::Actor& actor);

  std::optional<GcWindow> find(RegistryId registry);
  // Nothing: no token that pushes or deletes is out.
  std::optional<Time> writes_until(RegistryId registry);

  // Clears away windows that have run out, each with its event.
  void end_abandoned();

  // Before a token that pushes or deletes is given out, which may be good until then. Refuses (conflict) while the
  // registry is paused, whatever was remembered when the token was decided on.
  Result<void> note_write(RegistryId registry, Time good_until);

 private:
  db::Database& database_;
  const audit::Recorder& recorder_;
  const Clock& clock_;
  // What of write_grant is known to be committed: it is written some time ahead, so that most tokens need no writing.
  Synced<std::unordered_map<RegistryId, Time>> noted_;
};

}  // namespace spectacles::removal
