// Reads what some tags of a repository stand for: what a thread of the crew does.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <span>
#include <vector>

#include "base/synced.h"
#include "catalog/details.h"
#include "catalog/seen.h"

namespace spectacles::catalog {

struct ReadTags {
  std::map<TagName, Manifest> tags;
  std::vector<TagName> unread;
  ReadDetails details;
  std::vector<ApiFailure> failures;
};

// Digests that somebody has begun to read: tags of a repository that share one read it once.
using BeingRead = Synced<std::set<Digest>>;

struct TagQuestion {
  const RepositoryPath& repository;
  std::span<const TagName> tags;
  const KnownTags& known;
  BeingRead& being_read;
};

class TagReader {
 public:
  // Both are called by several threads at once. What is asked for after `goes_on` says no is unread.
  TagReader(Unknown unknown, std::function<bool()> goes_on)
      : unknown_(std::move(unknown)), goes_on_(std::move(goes_on)) {}

  ReadTags read(RegistryApi& api, const TagQuestion& question) const;

 private:
  void read_details(RegistryApi& api, const TagQuestion& question, std::vector<RawManifest> raw,
                    ReadDetails& details) const;

  Unknown unknown_;
  std::function<bool()> goes_on_;
};

}  // namespace spectacles::catalog
