#include "catalog/registry_tokens.h"

#include <algorithm>

namespace spectacles::catalog {
namespace {

constexpr std::size_t repositories_a_token = 16;
constexpr std::size_t most_held = 8;

}  // namespace

RegistryTokens::RegistryTokens(registries::Registry registry, TokenSource source, std::chrono::seconds most_age)
    : registry_(std::move(registry)), source_(std::move(source)), most_age_(most_age) {}

void RegistryTokens::will_read(const std::vector<RepositoryPath>& sorted) {
  auto state = state_.lock();
  state->repositories = sorted;
  state->of_groups.clear();
}

Secret RegistryTokens::for_catalog() {
  auto state = state_.lock();
  if (!state->of_catalog || !is_fresh(*state->of_catalog)) state->of_catalog = make({}, true);
  return state->of_catalog->token;
}

Secret RegistryTokens::for_repository(const RepositoryPath& repository) {
  auto state = state_.lock();
  const auto& all = state->repositories;
  const auto at = std::lower_bound(all.begin(), all.end(), repository);
  if (at == all.end() || *at != repository) return make({repository}, false).token;

  const auto group = static_cast<std::size_t>(at - all.begin()) / repositories_a_token;
  if (const auto held = state->of_groups.find(group); held != state->of_groups.end() && is_fresh(held->second)) {
    return held->second.token;
  }
  const auto first = group * repositories_a_token;
  const auto last = std::min(first + repositories_a_token, all.size());
  const auto place = [&](std::size_t index) { return all.begin() + static_cast<std::ptrdiff_t>(index); };
  auto& held = state->of_groups[group];
  held = make({place(first), place(last)}, false);
  auto token = held.token;
  if (state->of_groups.size() > most_held) state->of_groups.erase(state->of_groups.begin());
  return token;
}

RegistryTokens::Held RegistryTokens::make(std::vector<RepositoryPath> pull, bool catalog) const {
  return {source_(registry_, std::move(pull), catalog), std::chrono::steady_clock::now()};
}

bool RegistryTokens::is_fresh(const Held& held) const {
  return std::chrono::steady_clock::now() - held.made_at <= most_age_;
}

}  // namespace spectacles::catalog
