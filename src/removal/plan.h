// What a deletion takes with it. Pure.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "removal/references.h"

namespace spectacles::removal {

// A repository as the registry has it at one moment.
struct View {
  std::map<TagName, Resolved> tags;
  std::map<Digest, std::vector<Resolved>> parts;  // what each index that a tag leads to is made of, nested ones too

  std::set<TagName> tags_of(const Digest& digest) const;
  // All that `root` leads to, without itself, each once; what leads to others comes before them.
  std::vector<Resolved> parts_of(const Digest& root) const;
};

// A tag that goes. Its manifest stays when other tags stand for it or lead to it.
struct GoingTag {
  TagName tag;
  Resolved manifest;
  std::vector<TagName> shared_with;  // tags that stay, of the same manifest
  std::vector<TagName> part_of;      // tags that stay, of an index that leads to it

  bool manifest_dies() const { return shared_with.empty() && part_of.empty(); }
  bool operator==(const GoingTag&) const = default;
};

struct DyingManifest {
  Resolved manifest;
  std::vector<TagName> tags;    // the last that stood for it
  std::vector<Resolved> parts;  // that nothing leads to any more

  bool operator==(const DyingManifest&) const = default;
};

struct Plan {
  std::vector<GoingTag> tags;            // by name
  std::vector<DyingManifest> manifests;  // those that lead to others first

  bool operator==(const Plan&) const = default;
};

// What happens when these tags go, as far as they exist, and all others stay.
Plan plan_removal(const View& view, const std::set<TagName>& going);

}  // namespace spectacles::removal
