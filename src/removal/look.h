#pragma once

#include "removal/manifest_api.h"
#include "removal/plan.h"

namespace spectacles::removal {

// What the registry has in the repository now; refuses (unavailable) when it does not tell all of it.
Result<View> look(ManifestApi& api);

// The manifest and all that it leads to, in the order in which they can be pushed: what others lead to comes first.
// Parts that the registry does not have are left out, as they were. Nothing when it does not have the manifest itself.
Result<std::optional<std::vector<KeptManifest>>> read_tree(ManifestApi& api, const Digest& root);

}  // namespace spectacles::removal
