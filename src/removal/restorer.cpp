#include "removal/restorer.h"

#include <fmt/format.h>

#include <set>

namespace spectacles::removal {
namespace {

struct Free {
  std::vector<TagName> free;  // or standing for this very manifest
  std::vector<TagName> taken;
};

Result<Free> sort_out(ManifestApi& api, const Digest& digest, const std::vector<TagName>& wanted) {
  Free sorted;
  for (const auto& tag : wanted) {
    const auto stands_for = api.resolve(tag);
    if (!stands_for) return pass_on(stands_for);
    const bool is_free = !*stands_for || (*stands_for)->digest == digest;
    (is_free ? sorted.free : sorted.taken).push_back(tag);
  }
  return sorted;
}

}  // namespace

Result<Restored> Restorer::restore(const Occasion& occasion, const TrashEntry& entry,
                                   const std::optional<std::vector<TagName>>& tags) {
  if (entry.state == TrashState::gone) return refuse_gone(entry);
  if (entry.state == TrashState::restored) {
    return refuse(RefusalKind::conflict, "it was brought back already");
  }
  if (entry.state == TrashState::deleting) {
    return refuse(RefusalKind::conflict, "it is being deleted at this moment; try again");
  }
  ManifestApi api(occasion.registry, occasion.repository, reach_);
  const auto sorted = sort_out(api, entry.manifest.digest, tags.value_or(entry.tags));
  if (!sorted) return pass_on(sorted);
  if (tags && !sorted->taken.empty()) {
    return refuse(RefusalKind::conflict,
                  fmt::format("the tag {} stands for something else now", sorted->taken.front().str()), "tags");
  }
  const auto tree = trash_.manifests(entry.id);
  const auto whole = is_whole(api, tree);
  if (!whole) return pass_on(whole);
  if (!*whole) return refuse_gone(entry);

  std::vector<std::pair<std::string, const KeptManifest*>> pushes;
  for (std::size_t at = 0; at + 1 < tree.size(); ++at) pushes.emplace_back(tree[at].manifest.digest.str(), &tree[at]);
  for (const auto& tag : sorted->free) pushes.emplace_back(tag.str(), &tree.back());
  if (sorted->free.empty()) pushes.emplace_back(entry.manifest.digest.str(), &tree.back());
  for (const auto& [reference, kept] : pushes) {
    const auto put = api.put(reference, *kept);
    if (!put) return pass_on(put);
    if (*put == ManifestApi::Put::layers_missing) return refuse_gone(entry);
  }
  trash_.mark_restored(occasion, entry.id, entry.manifest, sorted->free);
  return Restored{.tags = sorted->free, .taken = sorted->taken};
}

Result<bool> Restorer::verify(const registries::Registry& registry, const TrashEntry& entry) {
  ManifestApi api(registry, entry.repository, reach_);
  auto whole = is_whole(api, trash_.manifests(entry.id));
  if (!whole) return whole;
  if (*whole) {
    trash_.mark_kept(entry.id);
  } else {
    trash_.mark_gone(entry.id);
  }
  return whole;
}

Result<bool> Restorer::is_whole(ManifestApi& api, const std::vector<KeptManifest>& tree) const {
  std::set<Digest> asked;
  for (const auto& kept : tree) {
    for (const auto& blob : read_references(kept.bytes).blobs) {
      if (!asked.insert(blob).second) continue;
      auto has = api.has_blob(blob);
      if (!has || !*has) return has;
    }
  }
  return true;
}

tl::unexpected<Refusal> Restorer::refuse_gone(const TrashEntry& entry) {
  if (entry.state != TrashState::gone) trash_.mark_gone(entry.id);
  return refuse(RefusalKind::conflict, "its layers are gone: the registry's garbage was collected since");
}

}  // namespace spectacles::removal
