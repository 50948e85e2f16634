// Writes down what a pass over one registry found: each transaction with its events, and only while the claim on the
// registry is held.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "audit/recorder.h"
#include "base/clock.h"
#include "catalog/claim_sql.h"
#include "catalog/missing.h"
#include "catalog/seen.h"
#include "db/database.h"
#include "registries/registry.h"

namespace spectacles::catalog {

// Another process has taken the registry over, or the registry was removed: the pass must end.
class ClaimLost : public std::runtime_error {
 public:
  ClaimLost() : std::runtime_error("the registry is passed over by another process, or was removed") {}
};

// One object for one pass. All functions throw ClaimLost and db::Error.
class Changes {
 public:
  Changes(db::Database& database, const audit::Recorder& recorder, const Clock& clock,
          const registries::Registry& registry, Claim claim, std::chrono::milliseconds claim_lasts);

  Time now() const { return clock_.now(); }

  std::map<RepositoryPath, KnownRepository> known_repositories();
  // Those behind `after` and not behind `up_to`, in the order of bytes; nothing: no such bound. By any thread.
  KnownTags known_tags(RepositoryId repository, const std::optional<TagName>& after,
                       const std::optional<TagName>& up_to);
  // Those of `digests` of which it is not known what they stand for. By any thread.
  std::vector<Digest> unknown(const std::vector<Digest>& digests);

  // Adds and moves tags, with what they stand for; clears what was missing and is shown again. Removes nothing. What
  // somebody else has written or deleted since the pass began to read it stays as it is: it is newer.
  void write(const std::vector<SeenRepository>& seen);

  // What is missing of manifests and due at `until`, behind `after`.
  std::vector<rows::DueManifest> due(Time until, const std::optional<rows::DueManifest>& after, std::int64_t limit);
  std::int64_t count_due(Time until);
  void write(const std::vector<ReadMissing>& read);

  // Sizes of repositories with so many tags that they are not measured with each change.
  void measure();

  // From now on the registry counts as completely read, though what is missing of manifests is still asked for.
  void note_complete();

  // Renews the claim when it is time to, and says how far the pass is, about every second.
  void report(const SyncProgress& progress);

  // One event for all changes beyond the number that is recorded singly.
  void record_rest();

  bool has_written() const { return has_written_; }
  const std::string& registry_name() const { return registry_.name.str(); }

  // One transaction. Its work may run more than once, so it counts for itself.
  class Batch {
   public:
    Batch(const Changes& changes, db::Session& lent);

    RegistryId registry() const { return changes_.registry_.id; }
    // As long as not too many were recorded; then it is counted.
    void record(std::string action, const std::string& what, boost::json::value before, boost::json::value after);
    // In any case, of the registry itself.
    void record_always(std::string action, boost::json::value after);

    db::Session& session;
    const Time now;

   private:
    friend class Changes;
    const Changes& changes_;
    int recorded_;
    int unrecorded_;
  };

  void commit(const std::function<void(Batch&)>& work);
  template <class Work>
  auto read(Work&& work) {
    return database_.read([&](db::Session& session) { return work(session, registry_.id); });
  }

 private:
  db::Database& database_;
  const audit::Recorder& recorder_;
  const Clock& clock_;
  const registries::Registry& registry_;
  Claim claim_;
  std::chrono::milliseconds claim_lasts_;
  SyncProgress progress_{.phase = "catalog"};
  SyncProgress reported_{.phase = "catalog"};
  std::chrono::steady_clock::time_point renewed_at_ = std::chrono::steady_clock::now();
  int recorded_ = 0;
  int unrecorded_ = 0;
  bool has_written_ = false;
};

}  // namespace spectacles::catalog
