// Writes down what a pass over one registry found: each function is one transaction, with its events, and only while
// the claim on the registry is held.
#pragma once

#include <chrono>
#include <map>
#include <stdexcept>
#include <string>

#include "audit/recorder.h"
#include "base/clock.h"
#include "catalog/claim_sql.h"
#include "catalog/rows_sql.h"
#include "db/database.h"
#include "registries/registry.h"

namespace spectacles::catalog {

// Another process has taken the registry over, or the registry was removed: the pass must end.
class ClaimLost : public std::runtime_error {
 public:
  ClaimLost() : std::runtime_error("the registry is passed over by another process, or was removed") {}
};

// What a pass read of one repository.
struct SeenRepository {
  RepositoryPath name;
  std::map<TagName, Manifest> tags;
  std::vector<TagName> unread;  // tags that exist, but not what they stand for
  bool complete = true;         // whether these are all tags
};

// One object for one pass. All functions throw ClaimLost and db::Error.
class Changes {
 public:
  Changes(db::Database& database, const audit::Recorder& recorder, const Clock& clock,
          const registries::Registry& registry, Claim claim, std::chrono::milliseconds claim_lasts);

  std::map<RepositoryPath, RepositoryId> known_repositories();

  // Adds and moves tags; removes those that a complete list no longer has.
  void write(const SeenRepository& seen);
  void remove(const RepositoryPath& name, RepositoryId id);

  // One event for all changes beyond the number that is recorded singly.
  void record_rest();

 private:
  class Batch;
  void commit(const std::function<void(Batch&)>& work);

  db::Database& database_;
  const audit::Recorder& recorder_;
  const Clock& clock_;
  const registries::Registry& registry_;
  Claim claim_;
  std::chrono::milliseconds claim_lasts_;
  int recorded_ = 0;
  int unrecorded_ = 0;
};

}  // namespace spectacles::catalog
