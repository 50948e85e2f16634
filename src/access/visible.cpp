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

// What of `ns` a subject that is signed in, and not its owner, gets a right on that is enough.
template <class Enough>
Extent extent(const Subject& subject, const Namespace& ns, Enough is_enough) {
  const bool is_member = ns.members.contains(*subject.account);
  const bool by_group =
      std::any_of(ns.groups.begin(), ns.groups.end(), [&](GroupId group) { return subject.groups.contains(group); });
  // Where no custom right matches, the decision is the same for every repository.
  bool gives = is_enough(is_member ? ns.member_access : by_group ? ns.group_access : ns.other_access);
  bool withholds = !gives;
  for (const auto& claim : ns.claims) {
    // The member right decides before the custom rights of groups.
    const bool is_asked = !is_member || std::holds_alternative<AccountId>(claim.holder);
    if (is_asked && holds(subject, claim)) (is_enough(claim.level) ? gives : withholds) = true;
  }
  if (!gives) return Extent::nothing;
  return withholds ? Extent::some : Extent::everything;
}

}  // namespace

Extent readable(const Subject& subject, const Namespace& ns) {
  if (subject.administrator || subject.account == ns.owner || ns.anonymous_access != Level::none) {
    return Extent::everything;
  }
  if (!subject.account) return Extent::nothing;
  return extent(subject, ns, [](Level level) { return level != Level::none; });
}

Extent deletable(const Subject& subject, const Namespace& ns) {
  if (subject.administrator || subject.account == ns.owner) return Extent::everything;
  if (!subject.account) return Extent::nothing;
  return extent(subject, ns, [](Level level) { return level == Level::full; });
}

bool may_read(const Subject& subject, const Namespace* covering, const RepositoryPath& path) {
  const ActionSet pull{Action::pull};
  return !(decide(subject, covering, path, ActionSet{Action::pull, Action::push}).granted & pull).empty();
}

NamespaceMap::NamespaceMap(std::vector<Namespace> all) : all_(std::move(all)) {
  std::sort(all_.begin(), all_.end(),
            [](const Namespace& left, const Namespace& right) { return key_of(left) < key_of(right); });
  by_id_.reserve(all_.size());
  for (std::size_t at = 0; at < all_.size(); ++at) by_id_.emplace(all_[at].id, at);
}

const Namespace* NamespaceMap::find(NamespaceId id) const {
  const auto found = by_id_.find(id);
  return found != by_id_.end() ? &all_[found->second] : nullptr;
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
