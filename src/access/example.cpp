#include "access/example.h"

#include <algorithm>
#include <string>

namespace spectacles::access {
namespace {

std::optional<RepositoryPath> path_in(const Namespace& ns, const std::string& rest) {
  auto path = RepositoryPath::parse(ns.name.is_root() ? rest : ns.name.str() + "/" + rest);
  if (!path || !ns.name.covers(*path)) return std::nullopt;
  return *std::move(path);
}

// What could stand for the '*' of a pattern, the likeliest first.
constexpr std::string_view fillings[] = {"x", "example", "", "x1", "0", "a/b", "x/", "/x", "-x", "x-"};

std::string fill(const Pattern& pattern, std::string_view star, char question) {
  std::string text;
  for (const char c : pattern.str()) {
    if (c == '*') {
      text += star;
    } else {
      text += c == '?' ? question : c;
    }
  }
  return text;
}

bool is_overruled(const RepositoryPath& path, const Pattern& pattern, const Namespace& ns) {
  const auto rest = ns.name.rest_of(path);
  return std::any_of(ns.claims.begin(), ns.claims.end(), [&](const Claim& claim) {
    return claim.pattern != pattern && claim.pattern.specificity() >= pattern.specificity() &&
           claim.pattern.matches(rest);
  });
}

}  // namespace

bool matches_everything(const Pattern& pattern) {
  const auto& text = pattern.str();
  const auto questions = std::count(text.begin(), text.end(), '?');
  const auto stars = std::count(text.begin(), text.end(), '*');
  // A name has at least one character.
  return stars > 0 && questions <= 1 && questions + stars == static_cast<std::ptrdiff_t>(text.size());
}

Namespace without_exceptions(const Namespace& ns) {
  auto copy = ns;
  std::erase_if(copy.claims, [](const Claim& claim) { return !matches_everything(claim.pattern); });
  return copy;
}

std::optional<RepositoryPath> ordinary_example(const Namespace& ns) {
  return path_in(ns, "x");
}

std::optional<RepositoryPath> example_of(const Pattern& pattern, const Namespace& ns, const NamespaceMap& all) {
  std::optional<RepositoryPath> best;
  for (const auto star : fillings) {
    for (const char question : {'x', '0', '-', '/'}) {
      auto path = path_in(ns, fill(pattern, star, question));
      if (!path) continue;
      const auto* covering = all.find_covering(ns.registry, *path);
      if (covering == nullptr || covering->name != ns.name) continue;
      if (!is_overruled(*path, pattern, ns)) return path;
      if (!best) best = std::move(path);
    }
  }
  return best;
}

}  // namespace spectacles::access
