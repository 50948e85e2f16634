// Deletes from a registry what can be brought back: what dies is kept first, and the database changes only after the
// registry has said that it did as it was told.
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <vector>

#include "removal/manifest_api.h"
#include "removal/plan.h"
#include "removal/trash_sql.h"

namespace spectacles::removal {

// A tag to delete; with `expected` only if it still stands for that.
struct TagTarget {
  TagName tag;
  std::optional<Digest> expected = {};
};

// How a tag fared. Without a refusal it is gone; not_found: it was before.
struct TagOutcome {
  TagName tag;
  std::optional<Refusal> refusal;
};

// May be used by several threads at once. Functions refuse (unavailable) when the registry does not answer or does not
// tell all, (conflict) when it deletes nothing or is paused, and throw db::Error.
class Remover {
 public:
  Remover(TrashStore& trash, RegistryReach reach) : trash_(trash), reach_(std::move(reach)) {}

  // What would happen. Refuses (not_found) a tag or digest that the registry does not have, and (conflict) a digest
  // that is part of what a tag that stays leads to.
  Result<Plan> preview(const registries::Registry& registry, const RepositoryPath& repository,
                       const std::vector<TagName>& tags);
  Result<Plan> preview(const registries::Registry& registry, const RepositoryPath& repository,
                       const std::vector<Digest>& digests);
  Result<Plan> preview_all(const registries::Registry& registry, const RepositoryPath& repository);

  // These tags, and the manifests that no other tag stands for or leads to. One that fails stops no other.
  Result<std::vector<TagOutcome>> remove_tags(const Occasion& occasion, const std::vector<TagTarget>& targets,
                                              const std::stop_token& stop = {});
  // A manifest with all its tags; refuses as preview().
  Result<void> remove_manifest(const Occasion& occasion, const Digest& digest);
  // Everything that tags lead to.
  Result<std::vector<TagOutcome>> remove_all(const Occasion& occasion);

  // Ends what a process that died has left: a tag at a placeholder.
  Result<void> finish(const registries::Registry& registry, const PendingTag& pending);
  // The same of an entry of the trash that is "deleting" for long: the registry says what became of it. Returns whether
  // anything was deleted; if not, the entry is there no more.
  Result<bool> settle(const registries::Registry& registry, const TrashEntry& entry);

 private:
  TrashStore& trash_;
  RegistryReach reach_;
};

}  // namespace spectacles::removal
