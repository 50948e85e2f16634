#include "removal/look.h"

#include <algorithm>

#include "catalog/manifest.h"

namespace spectacles::removal {
namespace {

// Beyond these nothing is deleted: what was not looked at could be lost.
constexpr int most_depth = 4;                 // of indexes in indexes
constexpr std::size_t most_manifests = 2000;  // behind one

tl::unexpected<Refusal> refuse_too_much(const Digest& digest) {
  return refuse(RefusalKind::conflict,
                "more indexes in indexes, or more manifests, than can be looked through lie behind " + digest.str());
}

Result<void> read_parts(ManifestApi& api, const Resolved& index, View& view, int depth) {
  if (!catalog::is_index(index.media_type) || view.parts.contains(index.digest)) return {};
  if (depth > most_depth) return refuse_too_much(index.digest);
  const auto kept = api.read(index.digest);
  if (!kept) return pass_on(kept);
  if (!*kept) return {};
  const auto parts = read_references((*kept)->bytes).manifests;
  view.parts.emplace(index.digest, parts);
  for (const auto& part : parts) {
    if (auto read = read_parts(api, part, view, depth + 1); !read) return read;
  }
  return {};
}

}  // namespace

Result<View> look(ManifestApi& api) {
  const auto tags = api.tags();
  if (!tags) return pass_on(tags);
  View view;
  for (const auto& tag : *tags) {
    const auto resolved = api.resolve(tag);
    if (!resolved) return pass_on(resolved);
    if (!*resolved) continue;  // it went since the list was made
    view.tags.emplace(tag, **resolved);
    if (const auto read = read_parts(api, **resolved, view, 0); !read) return pass_on(read);
  }
  return view;
}

Result<std::optional<std::vector<KeptManifest>>> read_tree(ManifestApi& api, const Digest& root) {
  std::vector<KeptManifest> tree;  // what leads to others first; turned round in the end
  std::vector<Digest> wanted{root};
  for (std::size_t next = 0; next < wanted.size(); ++next) {
    auto kept = api.read(wanted[next]);
    if (!kept) return pass_on(kept);
    if (!*kept && next == 0) return std::nullopt;
    if (!*kept) continue;
    for (const auto& part : read_references((*kept)->bytes).manifests) {
      if (wanted.size() >= most_manifests) return refuse_too_much(root);
      wanted.push_back(part.digest);
    }
    // One that comes up again moves to the end: behind all that lead to it.
    std::erase_if(tree, [&](const KeptManifest& one) { return one.manifest.digest == (*kept)->manifest.digest; });
    tree.push_back(std::move(**kept));
  }
  std::reverse(tree.begin(), tree.end());
  return tree;
}

}  // namespace spectacles::removal
