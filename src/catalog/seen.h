// What a pass over one registry knows and what it saw, before it is written down.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "catalog/manifest.h"
#include "catalog/repository.h"

namespace spectacles::catalog {

// As the database has it.
struct KnownRepository {
  RepositoryId id;
  bool is_whole = true;             // all columns say what they should
  std::int64_t missing_passes = 0;  // how many complete passes in a row did not show it
};

struct KnownTag {
  Manifest manifest;
  bool is_read = false;  // what it stands for is known, also that it cannot be read
  bool is_whole = true;
  std::int64_t missing_passes = 0;
  Time changed_at = {};  // when it was found or moved, by the clock of this server
};

using KnownTags = std::map<TagName, KnownTag>;

// What a pass read of one repository, or of some of its tags.
struct SeenRepository {
  RepositoryPath name;
  Time since = {};       // all was read after this
  KnownTags known = {};  // those of the tags that were known then
  std::map<TagName, Manifest> tags = {};
  std::vector<TagName> unread = {};  // tags that exist, but not what they stand for
  std::map<Digest, ManifestDetails> details = {};
  std::set<Digest> unanswered = {};  // manifests of indexes that did not come
};

// Whether writing it down would change anything. Tags that are not shown any more are another matter.
bool differs(const SeenRepository& seen, const std::optional<KnownRepository>& known, const KnownTags& tags);

}  // namespace spectacles::catalog
