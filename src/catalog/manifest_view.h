// A manifest with all that belongs to it, as pages show it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "catalog/image_config.h"
#include "names/ids.h"
#include "names/image.h"
#include "names/repository_path.h"

namespace spectacles::catalog {

// A blob or manifest as another manifest names it: its word, not what was found.
struct Part {
  std::string digest;
  std::string media_type;
  std::int64_t size = 0;
};

// One of the manifests that an index leads to.
struct IndexEntry {
  Part part;
  std::optional<std::string> platform;
  std::string state;  // "read", "unread", "unreadable"; "missing": the registry has not shown it
};

// An artifact that belongs to a manifest: its subject field says so (OCI 1.1), or the tag that it has.
struct Attachment {
  std::string digest;
  std::string media_type;
  std::optional<std::string> tag;
  std::string type;  // its artifact type; without one "signature", "attestation", "sbom" or "referrers" by its tag
  std::optional<std::int64_t> size;
  std::optional<Time> created_at;
};

// Another tag of the same digest.
struct SharedTag {
  RepositoryId repository;
  RepositoryPath repository_name;
  TagName tag;
};

inline constexpr std::size_t most_shared_tags = 100;
inline constexpr std::size_t most_attachments = 100;

struct ManifestView {
  Digest digest;
  std::string media_type;
  std::string state = "unread";
  std::optional<std::string> problem = {};  // why it is not "read"
  std::optional<std::string> kind = {};     // "image", "index", "artifact"
  std::optional<std::string> artifact_type = {};
  std::optional<std::string> subject = {};
  std::optional<std::string> platform = {};
  std::optional<std::int64_t> size = {};
  std::optional<Time> created_at = {};
  std::vector<Part> layers = {};
  std::vector<IndexEntry> manifests = {};
  std::optional<ImageConfig> config = {};
  std::vector<SharedTag> shared_with = {};  // at most most_shared_tags; that the caller may see
  bool more_shared = false;
  std::vector<Attachment> attached = {};  // at most most_attachments
};

// The bytes of a manifest as the registry gave them.
struct ManifestBytes {
  std::string media_type;
  std::string bytes;
};

}  // namespace spectacles::catalog
