// What a pass asks a registry: protocol of https://distribution.github.io/distribution/spec/api/, read with distrust.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/registry_tokens.h"
#include "catalog/repository.h"
#include "registries/client_http.h"
#include "registries/registry.h"

namespace spectacles::catalog {

// A list of names. Only a complete one says what does not exist.
template <class Name>
struct Listing {
  std::vector<Name> names;  // each once, in order
  bool complete = true;
  std::string detail;  // why it is not complete
};

struct ApiLimits {
  registries::HttpLimits http;
  int pages = 1000;
  std::size_t names = 200'000;
  std::size_t list_bytes = std::size_t{128} * 1024 * 1024;  // of all pages of a list
  std::chrono::seconds list_time{600};                      // for all pages of a list
  std::chrono::seconds pass_time{3 * 3600};
  std::chrono::seconds token_age{60};  // after which a new token is asked for
  // From the beginning of a pass, after which what is missing of manifests waits for the next one; nothing: never.
  std::optional<std::chrono::seconds> details_time = {};
  std::size_t at_once = 8;            // questions to one registry
  std::size_t tags_in_memory = 1000;  // of one repository; they are written before more are read
};

// No answer that can be used. Without any answer at all, asking on may be useless.
struct ApiFailure {
  std::string text;
  bool unreachable = false;
};

template <class T>
using ApiResult = tl::expected<T, ApiFailure>;

// A manifest as it came, not verified.
struct RawManifest {
  Manifest manifest;
  std::string bytes;
};

// Not for use by two threads at once: each has its own, with its own connection.
class RegistryApi {
 public:
  // `tokens` must outlive it.
  RegistryApi(const registries::Registry& registry, std::optional<crypto::PublicKey> own_key, RegistryTokens& tokens,
              ApiLimits limits, std::stop_token stop);
  ~RegistryApi();

  // A failure when not even the first page came.
  ApiResult<Listing<RepositoryPath>> catalog();
  // A repository that the registry does not know has no tags.
  ApiResult<Listing<TagName>> tags(const RepositoryPath& repository);

  // What a tag stands for: `known` when it is still that, which costs the registry little.
  ApiResult<Manifest> resolve(const RepositoryPath& repository, const TagName& tag,
                              const std::optional<Manifest>& known);
  // The manifest of a tag with its bytes.
  ApiResult<RawManifest> manifest(const RepositoryPath& repository, const TagName& tag);
  // The same of a digest; nothing when the registry does not have it.
  ApiResult<std::optional<RawManifest>> manifest(const RepositoryPath& repository, const Digest& digest);
  // A small blob, of at most that many bytes; nothing when the registry does not have it. It may lie at another host:
  // one hop is followed there, without the token.
  ApiResult<std::optional<std::string>> blob(const RepositoryPath& repository, const Digest& digest,
                                             std::size_t most_bytes);

 private:
  ApiResult<registries::HttpAnswer> ask(registries::HttpQuestion question, const std::optional<RepositoryPath>& pull);
  ApiResult<registries::HttpAnswer> follow(const std::string& location, std::size_t most_bytes);
  template <class Name>
  ApiResult<Listing<Name>> list(const std::string& path, std::string_view member,
                                const std::optional<RepositoryPath>& pull);

  registries::Registry registry_;
  RegistryTokens& tokens_;
  ApiLimits limits_;
  std::stop_token stop_;
  registries::HttpClient client_;
  // Where blobs lie, if they do elsewhere.
  std::unique_ptr<registries::HttpClient> storage_;
  std::string storage_origin_;
};

}  // namespace spectacles::catalog
