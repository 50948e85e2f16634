// What a pass asks a registry: protocol of https://distribution.github.io/distribution/spec/api/, read with distrust.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "catalog/repository.h"
#include "registries/client_http.h"
#include "registries/registry.h"

namespace spectacles::catalog {

// A token of this server for one registry: pull on `pull`, and the catalog if asked for. May throw.
using TokenSource =
    std::function<Secret(const registries::Registry& registry, std::vector<RepositoryPath> pull, bool catalog)>;

// A list of names. Only a complete one says what does not exist.
template <class Name>
struct Listing {
  std::vector<Name> names;  // each once
  bool complete = true;
  std::string detail;  // why it is not complete
};

struct ApiLimits {
  registries::HttpLimits http;
  int pages = 1000;
  std::size_t names = 200'000;
  std::chrono::seconds token_age{60};  // after which a new token is asked for
};

// No answer that can be used. When the registry did not answer at all, asking on is useless.
struct ApiFailure {
  std::string text;
  bool unreachable = false;
};

template <class T>
using ApiResult = tl::expected<T, ApiFailure>;

class RegistryApi {
 public:
  RegistryApi(const registries::Registry& registry, std::optional<crypto::PublicKey> own_key, TokenSource tokens,
              ApiLimits limits, std::stop_token stop);

  // A failure when not even the first page came.
  ApiResult<Listing<RepositoryPath>> catalog();
  // A repository that the registry does not know has no tags.
  ApiResult<Listing<TagName>> tags(const RepositoryPath& repository);
  // What a tag stands for.
  ApiResult<Manifest> manifest(const RepositoryPath& repository, const TagName& tag);

 private:
  ApiResult<registries::HttpAnswer> ask(registries::HttpQuestion question, const std::optional<RepositoryPath>& pull);
  const Secret& token_for(const std::optional<RepositoryPath>& pull);
  template <class Name>
  ApiResult<Listing<Name>> list(const std::string& path, std::string_view member,
                                const std::optional<RepositoryPath>& pull);

  struct HeldToken {
    std::optional<RepositoryPath> pull;  // nothing: the catalog
    Secret token;
    std::chrono::steady_clock::time_point made_at;
  };

  registries::Registry registry_;
  TokenSource tokens_;
  ApiLimits limits_;
  registries::HttpClient client_;
  std::optional<HeldToken> held_;
};

}  // namespace spectacles::catalog
