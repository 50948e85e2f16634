// The rules of retention of each namespace, and how their last run went.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/namespace.h"
#include "access/visible.h"
#include "audit/recorder.h"
#include "db/database.h"
#include "removal/retention.h"

namespace spectacles::removal {

struct Retention {
  RetentionRules rules;
  bool enabled = false;
  std::optional<Time> ran_at;
  std::int64_t removed = 0;  // by the last run
  std::int64_t failed = 0;
  std::optional<std::string> detail;  // why something failed, or was put off
};

struct RunOutcome {
  std::int64_t removed = 0;
  std::int64_t failed = 0;
  std::string detail;
  Time due_at;  // when it runs again
};

// May be used by several threads at once. All functions throw db::Error.
class RetentionStore {
 public:
  RetentionStore(db::Database& database, const audit::Recorder& recorder, const Clock& clock)
      : database_(database), recorder_(recorder), clock_(clock) {}

  Retention load(NamespaceId ns);

  // The tags of the repositories that `ns` decides on.
  std::vector<RetainedTag> tags(const access::Namespace& ns, const access::NamespaceMap& all);

  // Notes that somebody saw what these rules would do.
  void note_dry_run(NamespaceId ns, const RetentionRules& rules);

  // Refuses (conflict, "dry_run") to enable rules that were not tried: `dry_run` has to be the digest of these very
  // rules, as the last dry run of the namespace answered it. What is enabled as it was already needs none.
  Result<Retention> save(const access::Namespace& ns, const std::string& subject, const RetentionRules& rules,
                         bool enabled, const std::optional<std::string>& dry_run, const audit::Actor& actor);

  // Takes a namespace whose rules are due, so that no other process does; it is due again at `again`.
  std::optional<NamespaceId> claim_due(Time again);
  void note_run(NamespaceId ns, const RunOutcome& outcome);

 private:
  db::Database& database_;
  const audit::Recorder& recorder_;
  const Clock& clock_;
};

}  // namespace spectacles::removal
