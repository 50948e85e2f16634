// Reads what digests stand for: the manifest, the configuration of an image, the manifests of an index.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "catalog/manifest.h"
#include "catalog/registry_api.h"

namespace spectacles::catalog {

// Those of `digests` that are not known yet. May be called by several threads at once.
using Unknown = std::function<std::vector<Digest>(const std::vector<Digest>& digests)>;

struct ReadDetails {
  std::map<Digest, ManifestDetails> details;
  std::optional<ApiFailure> failure;  // the first; what it kept from being read is not in `details`
};

// Adds what `top`, which came for a tag of `repository`, stands for, with all it leads to that is unknown. Bytes that
// are not those of their digest make it unreadable and are a failure; a manifest or configuration that the registry
// does not have is none. Bounded, however deep or wide an index is, and whatever leads in a circle.
void read_details(RegistryApi& api, const RepositoryPath& repository, RawManifest top, const Unknown& unknown,
                  ReadDetails& read);

}  // namespace spectacles::catalog
