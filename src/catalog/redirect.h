// Where a registry says that a blob lies.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "registries/registry.h"

namespace spectacles::catalog {

bool is_redirect(int status);

struct BlobPlace {
  registries::RegistryUrl origin;
  std::string path;  // from the '/', with the query
};

// The Location of a redirect: an address, or a path at `registry`. Refuses what is no http or https address, holds a
// user or control characters, or leads to this machine from a registry that is elsewhere. Link-local and like addresses
// are refused by the client.
Result<BlobPlace> parse_blob_location(std::string_view location, const registries::RegistryUrl& registry);

}  // namespace spectacles::catalog
