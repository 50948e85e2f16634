// What deleting and bringing back ask of a registry about one repository:
// https://distribution.github.io/distribution/spec/api/, read with distrust.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "crypto/key.h"
#include "names/action.h"
#include "names/repository_path.h"
#include "registries/client_http.h"
#include "registries/registry.h"
#include "removal/references.h"

namespace spectacles::removal {

// A token of this server, good for these actions on that repository alone. Refuses (conflict) one that pushes or
// deletes while the registry is paused.
using TokenSource =
    std::function<Result<Secret>(const registries::Registry& registry, const RepositoryPath& repository, ActionSet)>;

// How registries are reached.
struct RegistryReach {
  TokenSource tokens;
  std::optional<crypto::PublicKey> own_key = {};  // the public half of our signing key
  registries::HttpLimits limits = {.total = std::chrono::seconds(30)};
};

// Functions refuse (unavailable) when the registry does not answer, or not as one does. Not for use by two threads at
// once.
class ManifestApi {
 public:
  ManifestApi(const registries::Registry& registry, RepositoryPath repository, RegistryReach reach,
              std::stop_token stop = {});

  // All of them, or a refusal: who deletes must not overlook one.
  Result<std::vector<TagName>> tags();
  // What the tag stands for; nothing when it does not exist.
  Result<std::optional<Resolved>> resolve(const TagName& tag);
  // Its bytes, which are those of the digest; nothing when the registry does not have it.
  Result<std::optional<KeptManifest>> read(const Digest& digest);
  // Whether the registry can give out the blob: its first byte is asked for, since a registry that was not restarted
  // after a garbage collection goes on believing that it has what it has not.
  Result<bool> has_blob(const Digest& digest);

  enum class Put { done, layers_missing };
  // Under a tag or under its own digest.
  Result<Put> put(const std::string& reference, const KeptManifest& kept);

  enum class Deletion { done, missing, needs_digest };
  // By tag or by digest. Refuses (conflict) when the registry deletes nothing at all.
  Result<Deletion> remove(const std::string& reference);

 private:
  Result<registries::HttpAnswer> ask(registries::HttpQuestion question, ActionSet actions);
  Result<Secret> token_for(ActionSet actions);
  std::string path_of(const std::string& rest) const;
  tl::unexpected<Refusal> unusable(const registries::HttpQuestion& question, int status) const;

  struct HeldToken {
    Secret token;
    std::chrono::steady_clock::time_point made_at;
  };

  registries::Registry registry_;
  RepositoryPath repository_;
  TokenSource tokens_;
  registries::HttpClient client_;
  std::map<std::string, HeldToken> held_;  // by the actions
};

}  // namespace spectacles::removal
