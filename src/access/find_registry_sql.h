#pragma once

#include <optional>
#include <string>

#include "access/rows_sql.h"

namespace spectacles::access {

// As choose_registry, of all there are.
Result<RegistryReference> find_registry(db::Session& session, const std::optional<std::string>& name);

}  // namespace spectacles::access
