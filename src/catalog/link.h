// The Link header with which a registry says where a list goes on.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "registries/registry.h"

namespace spectacles::catalog {

// The path and query of the next page (RFC 8288, relation "next"); nothing when there is none. Refuses a link that
// leads away from the list: another origin, another path, or a malformed one. A token is sent there, so nothing is
// guessed.
Result<std::optional<std::string>> parse_next_page(std::string_view link, const registries::RegistryUrl& origin,
                                                   std::string_view list_path);

}  // namespace spectacles::catalog
