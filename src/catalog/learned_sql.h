// Writes down what digests stand for that were read outside of a pass.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "catalog/manifest.h"
#include "db/database.h"
#include "registries/registry.h"

namespace spectacles::catalog {

// May be used by several threads at once. All functions throw db::Error; each is one transaction.
class LearnedStore {
 public:
  LearnedStore(db::Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  std::optional<registries::Registry> find_registry(RegistryId id);

  // Those of `digests` of which it is not known what they stand for.
  std::vector<Digest> unknown(RegistryId registry, const std::vector<Digest>& digests);

  // With the sizes of the tags that stand for them. What a pass has written meanwhile stays.
  void write(RegistryId registry, const std::map<Digest, ManifestDetails>& details);

 private:
  db::Database& database_;
  const Clock& clock_;
};

}  // namespace spectacles::catalog
