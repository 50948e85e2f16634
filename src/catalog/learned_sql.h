// Writes down what digests stand for that were read outside of a pass.
#pragma once

#include <optional>
#include <vector>

#include "base/clock.h"
#include "catalog/details.h"
#include "db/database.h"
#include "registries/registry.h"

namespace spectacles::catalog {

// Writes down what was read of digests that are not settled, with what follows for the sizes of indexes, tags and
// repositories. Takes the session of the caller's transaction.
void write_learned(db::Session& session, RegistryId registry, const ReadDetails& read, Time now);

// May be used by several threads at once. All functions throw db::Error; each is one transaction.
class LearnedStore {
 public:
  LearnedStore(db::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  std::optional<registries::Registry> find_registry(RegistryId id);

  // Those of `digests` of which it is not known what they stand for.
  std::vector<Digest> unknown(RegistryId registry, const std::vector<Digest>& digests);

  // With the sizes of the tags that stand for them. What a pass has written meanwhile stays.
  void write(RegistryId registry, const ReadDetails& read);

 private:
  db::Database& database_;
  const Clock& clock_;
};

}  // namespace spectacles::catalog
