// What access needs to know of a registry.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "names/host.h"
#include "names/ids.h"
#include "names/label.h"

namespace spectacles::access {

struct RegistryReference {
  RegistryId id;
  Label name;
  RegistryHost public_host;
};

// The registry of this name; without one the only registry there is. Refuses (invalid, "registry") otherwise.
Result<RegistryReference> choose_registry(const std::vector<RegistryReference>& registries,
                                          const std::optional<std::string>& name);

}  // namespace spectacles::access
