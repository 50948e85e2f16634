#include "access/visible.h"

#include <algorithm>
#include <utility>

namespace spectacles::access {
namespace {

bool holds(const Subject& subject, const Claim& claim) {
  if (const auto* account = std::get_if<AccountId>(&claim.holder)) return subject.account == *account;
  return subject.groups.contains(std::get<GroupId>(claim.holder));
}

std::pair<RegistryId, std::string_view> key_of(const Namespace& ns) {
  return {ns.registry, ns.name.str()};
}

}  // namespace

bool reaches(const Subject& subject, const Namespace& ns) {
  if (subject.administrator || subject.account == ns.owner || ns.anonymous_access != Level::none) return true;
  if (!subject.account) return false;
  const bool is_member = ns.members.contains(*subject.account);
  const bool by_claim = std::any_of(ns.claims.begin(), ns.claims.end(), [&](const Claim& claim) {
    // The member right decides before the custom rights of groups.
    const bool is_asked = !is_member || std::holds_alternative<AccountId>(claim.holder);
    return is_asked && claim.level != Level::none && holds(subject, claim);
  });
  if (by_claim) return true;
  // Without the claims the decision is the same for every repository.
  if (is_member) return ns.member_access != Level::none;
  const bool by_group =
      std::any_of(ns.groups.begin(), ns.groups.end(), [&](GroupId group) { return subject.groups.contains(group); });
  return (by_group ? ns.group_access : ns.other_access) != Level::none;
}

NamespaceMap::NamespaceMap(std::vector<Namespace> all) : all_(std::move(all)) {
  std::sort(all_.begin(), all_.end(),
            [](const Namespace& left, const Namespace& right) { return key_of(left) < key_of(right); });
}

const Namespace* NamespaceMap::find_covering(RegistryId registry, const RepositoryPath& path) const {
  std::string_view prefix = path.str();
  auto slash = prefix.rfind('/');
  if (slash == std::string_view::npos) return find(registry, "/");
  while (slash != std::string_view::npos) {
    prefix = prefix.substr(0, slash);
    if (const auto* found = find(registry, prefix)) return found;
    slash = prefix.rfind('/');
  }
  return nullptr;
}

const Namespace* NamespaceMap::find(RegistryId registry, std::string_view name) const {
  const std::pair<RegistryId, std::string_view> key{registry, name};
  const auto at = std::lower_bound(all_.begin(), all_.end(), key,
                                   [](const Namespace& ns, const auto& wanted) { return key_of(ns) < wanted; });
  return at != all_.end() && key_of(*at) == key ? &*at : nullptr;
}

}  // namespace spectacles::access
