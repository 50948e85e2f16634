// What a client asks for: "repository:team/app:pull,push" and the like. Only takes apart; knows no rights.
// https://distribution.github.io/distribution/spec/auth/scope/
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "names/action.h"
#include "names/host.h"
#include "names/repository_path.h"

namespace spectacles::tokens {

struct RepositoryScope {
  RepositoryPath path;
  ActionSet actions;  // never empty

  bool operator==(const RepositoryScope&) const = default;
};

struct RequestedAccess {
  std::vector<RepositoryScope> repositories;  // each once, in the order of first mention
  bool catalog = false;                       // registry:catalog:*

  bool operator==(const RequestedAccess&) const = default;
};

// Reads the values of all scope parameters, each of which may hold several scopes separated by spaces, and merges what
// is about one repository. A name may begin with `public_host` and '/', which are dropped. What is malformed, of
// another type, or has no known action asks for nothing.
RequestedAccess parse_scopes(const std::vector<std::string>& values, const RegistryHost& public_host);

}  // namespace spectacles::tokens
