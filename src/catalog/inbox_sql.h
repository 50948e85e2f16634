// What registries told of, kept before they get their answer, and applied after it.
#pragma once

#include <optional>
#include <vector>

#include "audit/recorder.h"
#include "base/clock.h"
#include "catalog/notification.h"
#include "db/database.h"
#include "names/ids.h"

namespace spectacles::catalog {

// May be used by several threads at once, in any number of processes. All functions throw db::Error.
class Inbox {
 public:
  Inbox(db::Database& database, const audit::Recorder& recorder, const Clock& clock)
      : database_(database), recorder_(recorder), clock_(clock) {}

  Time now() const { return clock_.now(); }

  // When it returns they are kept for good. One whose id came before is not kept twice; those of a registry that was
  // removed meanwhile are not kept.
  void keep(RegistryId registry, const std::vector<Notification>& notifications);

  // Applies the oldest that were not, at most `most_at_once`, in one transaction that also says that they were: since
  // writers take turns, each is applied once, and by one process at a time. Nothing when there were none.
  struct Applied {
    std::vector<Pushed> pushed;  // what is to be read now
  };
  std::optional<Applied> apply_some();

  // Removes some of those that were applied a week ago.
  void clean();

 private:
  static constexpr int most_at_once = 100;

  db::Database& database_;
  const audit::Recorder& recorder_;
  const Clock& clock_;
};

}  // namespace spectacles::catalog
