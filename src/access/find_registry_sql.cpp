#include "access/find_registry_sql.h"

namespace spectacles::access {

Result<RegistryReference> find_registry(db::Session& session, const std::optional<std::string>& name) {
  const auto registries = rows::all_registries(session);
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
