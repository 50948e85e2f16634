#include "access/alike.h"

#include <set>
#include <string>
#include <unordered_map>
#include <utility>

namespace spectacles::access {

std::vector<std::vector<std::uint32_t>> divide_names(const std::vector<std::uint32_t>& names,
                                                     const std::vector<RepositoryPath>& paths,
                                                     const std::vector<const Namespace*>& deciding) {
  std::vector<std::pair<const NamespaceName*, std::set<Pattern>>> patterns_of;
  patterns_of.reserve(deciding.size());
  for (const auto* ns : deciding) {
    if (ns == nullptr) continue;
    std::set<Pattern> patterns;
    for (const auto& claim : ns->claims) patterns.insert(claim.pattern);
    patterns_of.emplace_back(&ns->name, std::move(patterns));
  }
  std::vector<std::vector<std::uint32_t>> classes;
  std::unordered_map<std::string, std::size_t> class_of;  // by which patterns match
  for (const auto name : names) {
    std::string matching;
    for (const auto& [ns, patterns] : patterns_of) {
      const auto rest = ns->rest_of(paths[name]);
      for (const auto& pattern : patterns) matching += pattern.matches(rest) ? '1' : '0';
    }
    const auto [at, is_new] = class_of.try_emplace(std::move(matching), classes.size());
    if (is_new) classes.emplace_back();
    classes[at->second].push_back(name);
  }
  return classes;
}

}  // namespace spectacles::access
