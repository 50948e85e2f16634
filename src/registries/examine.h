// What is asked of a registry only after an administrator has added it: whether it takes the tokens of this server, and
// whether it deletes (docs/adr/0004-one-signing-key-one-audience.md).
#pragma once

#include <functional>

#include "base/result.h"
#include "base/secret.h"
#include "names/repository_path.h"
#include "registries/check.h"
#include "registries/registry.h"

namespace spectacles::registries {

// The tokens that are shown: worth nothing to who would catch them.
struct ProofTokens {
  // Good for nothing at all.
  std::function<Secret(const Registry&)> without_access;
  // Good for deleting in a repository that does not exist. Refuses while the registry is paused.
  std::function<Result<Secret>(const Registry&, const RepositoryPath&)> to_delete;
};

// The connection test of its address, then the checks `token` and `deletes`. A server that does not state the service
// name under which the registry was added is shown no token. Changes nothing at the registry. Takes as long as the
// limits allow, for each of three questions.
ConnectionTest examine(const Registry& registry, const CheckOptions& options, const ProofTokens& tokens, Time now);

}  // namespace spectacles::registries
