#pragma once

#include <optional>
#include <string>

#include "access/rows_sql.h"

namespace spectacles::access {

// The registry of this name; without one the only registry there is. Refuses (invalid, "registry") otherwise.
Result<RegistryReference> find_registry(db::Session& session, const std::optional<std::string>& name);

}  // namespace spectacles::access
