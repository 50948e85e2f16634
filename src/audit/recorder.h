// Writes events down. A change and its event are one transaction: the recorder takes the session of that transaction,
// so that no change is kept without its event.
#pragma once

#include <vector>

#include "audit/event.h"
#include "base/clock.h"
#include "db/session.h"

namespace spectacles::audit {

class Recorder {
 public:
  explicit Recorder(const Clock& clock) : clock_(clock) {}

  // Throws db::Error; the caller's transaction then rolls back.
  void record(db::Session& session, const Actor& actor, const Event& event) const;
  void record(db::Session& session, const Actor& actor, const std::vector<Event>& events) const;

 private:
  const Clock& clock_;
};

}  // namespace spectacles::audit
