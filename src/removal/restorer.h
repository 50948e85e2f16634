// Brings back what was deleted: the very bytes, so that the digest is the same.
#pragma once

#include <optional>
#include <vector>

#include "removal/manifest_api.h"
#include "removal/trash_sql.h"

namespace spectacles::removal {

struct Restored {
  std::vector<TagName> tags;   // that stand for it now
  std::vector<TagName> taken;  // that stand for something else, and were left alone
};

// May be used by several threads at once. Functions refuse (unavailable) when the registry does not answer, and throw
// db::Error.
class Restorer {
 public:
  Restorer(TrashStore& trash, RegistryReach reach) : trash_(trash), reach_(std::move(reach)) {}

  // Under `tags`, or else under those that it had and that are free; under none of them it is there by its digest.
  // Refuses (conflict) what is no longer whole in the registry, which is noted then, what was restored already, a tag
  // of `tags` that stands for something else ("tags"), and a registry that is paused.
  Result<Restored> restore(const Occasion& occasion, const TrashEntry& entry,
                           const std::optional<std::vector<TagName>>& tags);

  // Asks the registry whether all that the entry needs is still there, and notes it.
  Result<bool> verify(const registries::Registry& registry, const TrashEntry& entry);

 private:
  Result<bool> is_whole(ManifestApi& api, const std::vector<KeptManifest>& tree) const;
  tl::unexpected<Refusal> refuse_gone(const TrashEntry& entry);

  TrashStore& trash_;
  RegistryReach reach_;
};

}  // namespace spectacles::removal
