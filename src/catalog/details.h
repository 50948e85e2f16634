// Reads what digests stand for: the manifest, the configuration of an image, the manifests of an index.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "catalog/manifest.h"
#include "catalog/registry_api.h"

namespace spectacles::catalog {

// Those of `digests` that are not known yet. May be called by several threads at once.
using Unknown = std::function<std::vector<Digest>(const std::vector<Digest>& digests)>;

struct ReadDetails {
  std::map<Digest, ManifestDetails> details;
  std::set<Digest> unanswered = {};        // manifests of an index that did not come
  std::optional<ApiFailure> failure = {};  // the first
};

// When the configurations of images are read: with the manifest, or by whoever asks for what is missing.
enum class Configurations { at_once, later };

// Asks for the configuration of an image and adds what it says, or the problem with it. A failure when it did not come,
// or came with other bytes than those of its digest; it is then still wanted.
std::optional<ApiFailure> add_config(RegistryApi& api, const RepositoryPath& repository, ManifestDetails& details);

// Adds what `top`, which came for a tag of `repository`, stands for, with all it leads to that is unknown. Bytes that
// are not those of their digest make it unreadable and are a failure; a manifest or configuration that the registry
// does not have is none. Bounded, however deep or wide an index is, and whatever leads in a circle.
void read_details(RegistryApi& api, const RepositoryPath& repository, RawManifest top, const Unknown& unknown,
                  Configurations configurations, ReadDetails& read);

// The same of a manifest that an index leads to, and that did not come with it: asks for it, and for nothing below it.
void read_part(RegistryApi& api, const RepositoryPath& repository, const Digest& digest, ReadDetails& read);

}  // namespace spectacles::catalog
