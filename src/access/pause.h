// A registry that collects its garbage takes nothing in and lets nothing go: for that long no push and no delete is
// granted there, whoever asks. Pure; rows of gc_window are written by removal/gc_windows_sql.
#pragma once

#include <optional>
#include <string>

#include "access/decide.h"
#include "base/clock.h"

namespace spectacles::access {

struct Pause {
  Time since;
  Time until;  // it is over then, unless it is renewed
  std::string by;
  std::string reason;  // may be empty

  bool operator==(const Pause&) const = default;
};

// "the registry has been paused for garbage collection since 2026-03-01T12:00:00Z by alice: nightly".
std::string describe(const Pause& pause);

// The decision as it is while the registry is paused: without push and delete, and with the rule `maintenance` if that
// takes away something that was asked for.
Decision apply_pause(Decision decision, const std::optional<Pause>& pause);

}  // namespace spectacles::access
