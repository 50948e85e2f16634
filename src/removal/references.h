// What a manifest leads to, as far as deleting and bringing back have to know. Pure.
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

// What is no manifest leads nowhere. Never throws for what the bytes say.
References read_references(std::string_view bytes);

}  // namespace spectacles::removal
