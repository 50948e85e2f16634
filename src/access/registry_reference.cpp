#include "access/registry_reference.h"

namespace spectacles::access {

Result<RegistryReference> choose_registry(const std::vector<RegistryReference>& registries,
                                          const std::optional<std::string>& name) {
  if (!name) {
    if (registries.size() == 1) return registries.front();
    return refuse(RefusalKind::invalid,
                  registries.empty() ? "there is no registry yet" : "there are several registries: say which one",
                  "registry");
  }
  for (const auto& registry : registries) {
    if (registry.name.str() == *name) return registry;
  }
  return refuse(RefusalKind::invalid, "there is no registry of this name", "registry");
}

}  // namespace spectacles::access
