#include "access/find_registry_sql.h"

namespace spectacles::access {

Result<RegistryReference> find_registry(db::Session& session, const std::optional<std::string>& name) {
  return choose_registry(rows::all_registries(session), name);
}

}  // namespace spectacles::access
