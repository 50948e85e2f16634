#include "removal/plan.h"

#include <algorithm>

namespace spectacles::removal {
namespace {

void collect(const View& view, const Digest& root, std::set<Digest>& seen, std::vector<Resolved>& parts) {
  const auto found = view.parts.find(root);
  if (found == view.parts.end()) return;
  std::vector<Resolved> fresh;
  for (const auto& part : found->second) {
    if (seen.insert(part.digest).second) fresh.push_back(part);
  }
  parts.insert(parts.end(), fresh.begin(), fresh.end());
  for (const auto& part : fresh) collect(view, part.digest, seen, parts);
}

// Which tags that stay stand for a digest or lead to it.
struct Holders {
  std::map<Digest, std::vector<TagName>> standing;
  std::map<Digest, std::vector<TagName>> leading;
};

Holders find_holders(const View& view, const std::set<TagName>& going) {
  Holders holders;
  for (const auto& [tag, manifest] : view.tags) {
    if (going.contains(tag)) continue;
    holders.standing[manifest.digest].push_back(tag);
    for (const auto& part : view.parts_of(manifest.digest)) holders.leading[part.digest].push_back(tag);
  }
  return holders;
}

std::vector<TagName> of(const std::map<Digest, std::vector<TagName>>& tags, const Digest& digest) {
  const auto found = tags.find(digest);
  return found == tags.end() ? std::vector<TagName>() : found->second;
}

}  // namespace

std::set<TagName> View::tags_of(const Digest& digest) const {
  std::set<TagName> found;
  for (const auto& [tag, manifest] : tags) {
    if (manifest.digest == digest) found.insert(tag);
  }
  return found;
}

std::vector<Resolved> View::parts_of(const Digest& root) const {
  std::vector<Resolved> all;
  std::set<Digest> seen{root};
  collect(*this, root, seen, all);
  return all;
}

Plan plan_removal(const View& view, const std::set<TagName>& going) {
  const auto holders = find_holders(view, going);
  Plan plan;
  std::map<Digest, DyingManifest> dying;
  for (const auto& tag : going) {
    const auto found = view.tags.find(tag);
    if (found == view.tags.end()) continue;
    const auto& manifest = found->second;
    plan.tags.push_back({.tag = tag,
                         .manifest = manifest,
                         .shared_with = of(holders.standing, manifest.digest),
                         .part_of = of(holders.leading, manifest.digest)});
    if (!plan.tags.back().manifest_dies()) continue;
    auto& died = dying.try_emplace(manifest.digest, DyingManifest{manifest, {}, {}}).first->second;
    died.tags.push_back(tag);
  }
  std::set<Digest> spoken_for;
  for (const auto& [digest, died] : dying) spoken_for.insert(digest);
  for (auto& [digest, died] : dying) {
    for (const auto& part : view.parts_of(digest)) {
      const bool stays = holders.standing.contains(part.digest) || holders.leading.contains(part.digest);
      if (!stays && spoken_for.insert(part.digest).second) died.parts.push_back(part);
    }
    plan.manifests.push_back(died);
  }
  std::stable_partition(plan.manifests.begin(), plan.manifests.end(),
                        [&](const DyingManifest& died) { return view.parts.contains(died.manifest.digest); });
  return plan;
}

}  // namespace spectacles::removal
