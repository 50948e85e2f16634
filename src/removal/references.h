// What a manifest leads to, as far as deleting and bringing back have to know. Pure; the bytes come from a registry and
// are read with distrust. https://github.com/opencontainers/image-spec (manifest.md, image-index.md) and
// https://distribution.github.io/distribution/spec/manifest-v2-2/
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "names/image.h"

namespace spectacles::removal {

// What a tag stands for, or an index leads to.
struct Resolved {
  Digest digest;
  std::string media_type;

  auto operator<=>(const Resolved&) const = default;
};

// A manifest with its very bytes.
struct KeptManifest {
  Resolved manifest;
  std::string bytes;

  bool operator==(const KeptManifest&) const = default;
};

struct References {
  std::vector<Resolved> manifests;  // of an index
  std::vector<Digest> blobs;        // configuration and layers that the registry itself has to hold
  std::int64_t size = 0;            // of the blobs, as the manifest states them
};

inline constexpr std::size_t most_manifest_bytes = std::size_t{4} * 1024 * 1024;  // as distribution has it
inline constexpr std::size_t most_parts = 500;

// Whether a manifest of this type leads to others.
bool is_index(std::string_view media_type);

// What is no manifest leads nowhere. Never throws for what the bytes say.
References read_references(std::string_view bytes);

// Whether `bytes` are those of `digest`; false for a digest that is not SHA-256.
bool are_bytes_of(const Digest& digest, std::string_view bytes);

}  // namespace spectacles::removal
