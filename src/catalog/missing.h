// What a pass leaves for its end: the configurations of new images, and what indexes lead to that did not come.
#pragma once

#include <optional>

#include "catalog/details.h"
#include "catalog/manifests_sql.h"
#include "catalog/registry_api.h"

namespace spectacles::catalog {

struct ReadMissing {
  rows::DueManifest of;
  std::optional<ManifestDetails> configuration = {};  // only what it says, if that was wanted
  ReadDetails manifests = {};                         // else the manifest, if it came
  std::optional<ApiFailure> failure = {};
};

// Asks for what is wanted of `due`, which some repository leads to.
ReadMissing read_missing(RegistryApi& api, const rows::DueManifest& due);

}  // namespace spectacles::catalog
