// The tokens of one pass: each good for a few repositories that are read one after another, made again before it is
// old.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "base/secret.h"
#include "base/synced.h"
#include "names/repository_path.h"
#include "registries/registry.h"

namespace spectacles::catalog {

// A token of this server for one registry: pull on `pull`, and the catalog if asked for. May throw.
using TokenSource =
    std::function<Secret(const registries::Registry& registry, std::vector<RepositoryPath> pull, bool catalog)>;

// May be used by several threads at once. Throws what the source throws.
class RegistryTokens {
 public:
  RegistryTokens(registries::Registry registry, TokenSource source, std::chrono::seconds most_age);

  Secret for_catalog();
  Secret for_repository(const RepositoryPath& repository);

  // Which repositories are read, in this order: neighbours share a token.
  void will_read(const std::vector<RepositoryPath>& sorted);

 private:
  struct Held {
    Secret token;
    std::chrono::steady_clock::time_point made_at;
  };
  struct State {
    std::vector<RepositoryPath> repositories;
    std::map<std::size_t, Held> of_groups;
    std::optional<Held> of_catalog;
  };

  Held make(std::vector<RepositoryPath> pull, bool catalog) const;
  bool is_fresh(const Held& held) const;

  registries::Registry registry_;
  TokenSource source_;
  std::chrono::seconds most_age_;
  Synced<State> state_;
};

}  // namespace spectacles::catalog
