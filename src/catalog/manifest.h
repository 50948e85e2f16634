// What a digest stands for: an image, an index of manifests, an artifact. Pure; the bytes come from a registry and are
// read with distrust. https://github.com/opencontainers/image-spec, manifest.md, image-index.md, config.md, and
// https://distribution.github.io/distribution/spec/manifest-v2-2/
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "names/image.h"

namespace spectacles::catalog {

// Names as they are stored.
enum class ManifestState { unread, read, unreadable };
enum class ManifestKind { image, index, artifact };
enum class PartRole { config, layer, manifest };

// What of a manifest is still to be asked for, by its digest alone.
enum class ManifestWants { nothing, itself, configuration };

std::string_view render(ManifestState state);
std::string_view render(ManifestKind kind);
std::string_view render(PartRole role);

struct ManifestPart {
  PartRole role;
  Digest digest;
  std::string media_type;
  std::int64_t size = 0;  // as the manifest states it
  std::string platform;   // "linux/arm64/v8"; "" where there is none

  bool operator==(const ManifestPart&) const = default;
};

struct ManifestDetails {
  std::string media_type;
  ManifestState state = ManifestState::read;
  std::string problem = {};  // why it is not, or not wholly, readable
  bool is_settled = true;    // false: worth asking for again where a tag stands for it
  ManifestWants wants = ManifestWants::nothing;
  std::optional<ManifestKind> kind = {};
  std::string artifact_type = {};
  std::optional<Digest> subject = {};  // what an artifact is about
  std::string platform = {};
  std::optional<Time> created_at = {};
  std::vector<ManifestPart> parts = {};
  std::string bytes = {};
  std::string config = {};

  const ManifestPart* config_part() const;
  std::vector<Digest> children() const;  // the manifests that an index names, each once

  bool operator==(const ManifestDetails&) const = default;
};

// One that tells nothing but why.
ManifestDetails unreadable(std::string media_type, std::string problem, bool is_settled = true);

namespace bounds {

constexpr std::size_t manifest_bytes = std::size_t{4} * 1024 * 1024;  // as distribution has it
constexpr std::size_t config_bytes = std::size_t{1} * 1024 * 1024;
constexpr std::int64_t part_bytes = std::int64_t{1} << 40;
constexpr std::size_t layers = 1000;
constexpr std::size_t children = 200;
constexpr int depth_of_json = 32;
constexpr int depth_of_indexes = 3;

}  // namespace bounds

// Whether `bytes` are those of `digest`.
bool are_bytes_of(const Digest& digest, std::string_view bytes);

// `bytes` were found to be those of their digest. What is no manifest of a known type, or exceeds the bounds, is
// unreadable with the reason. Never throws for what the bytes say.
ManifestDetails read_manifest(std::string media_type, std::string bytes);

// Whether a manifest of this type leads to others.
bool is_index(std::string_view media_type);

// All that a manifest of any type names, without judging it: for who must overlook nothing. What has no digest is
// passed over, a size that is not possible is 0. Never throws for what the bytes say.
std::vector<ManifestPart> named_parts(std::string_view bytes);

// Whether the configuration of `details` is one that says something of an image.
bool has_image_config(const ManifestDetails& details);

// Adds what an image's configuration says, or the problem with it.
void read_config(ManifestDetails& details, std::string bytes);

}  // namespace spectacles::catalog
