#include "access/affected.h"

#include <algorithm>
#include <map>

namespace spectacles::access {
namespace {

std::vector<AccountId> changed_accounts(const World& before, const World& after) {
  std::vector<AccountId> changed;
  for (std::size_t i = 0; i < before.accounts.size(); ++i) {
    const auto& was = before.accounts[i];
    const auto& is = after.accounts[i];
    if (was.role != is.role || was.disabled != is.disabled || after.removed.contains(was.id)) changed.push_back(was.id);
  }
  return changed;
}

std::set<GroupId> changed_groups(const World& before, const World& after) {
  std::map<GroupId, const std::set<UserName>*> was;
  for (const auto& group : before.groups) was.emplace(group.id, &group.members);
  std::set<GroupId> changed;
  for (const auto& group : after.groups) {
    const auto at = was.find(group.id);
    if (at == was.end() || *at->second != group.members) changed.insert(group.id);
    if (at != was.end()) was.erase(at);
  }
  for (const auto& [gone, members] : was) changed.insert(gone);
  return changed;
}

bool knows_any(const Namespace& ns, const std::set<GroupId>& groups) {
  const auto is_changed = [&](GroupId group) { return groups.contains(group); };
  return std::any_of(ns.groups.begin(), ns.groups.end(), is_changed) ||
         std::any_of(ns.claims.begin(), ns.claims.end(), [&](const Claim& claim) {
           const auto* group = std::get_if<GroupId>(&claim.holder);
           return group != nullptr && is_changed(*group);
         });
}

// Those of `world` that lie around `inner`, from which it takes repositories or to which it leaves them.
void add_around(const World& world, const Namespace& inner, std::set<NamespaceId>& ids) {
  for (const auto& ns : world.namespaces) {
    if (ns.registry == inner.registry && ns.name.encloses(inner.name)) ids.insert(ns.id);
  }
}

}  // namespace

bool Affected::may_differ(const Namespace* before, const Namespace* after) const {
  if (!accounts.empty()) return true;
  if (before == nullptr || after == nullptr) return before != after;
  return *before != *after || knows_any(*before, groups);
}

Affected find_affected(const World& before, const World& after) {
  Affected affected{.accounts = changed_accounts(before, after),
                    .groups = changed_groups(before, after),
                    .namespaces = {},
                    .registries = {}};
  std::map<NamespaceId, const Namespace*> then;
  for (const auto& ns : after.namespaces) then.emplace(ns.id, &ns);
  for (const auto& ns : before.namespaces) {
    const auto at = then.find(ns.id);
    const auto* other = at == then.end() ? nullptr : at->second;
    if (other == nullptr || *other != ns || knows_any(ns, affected.groups)) {
      affected.namespaces.insert(ns.id);
      affected.registries.insert(ns.registry);
    }
    then.erase(ns.id);
  }
  for (const auto& [id, created] : then) {
    affected.registries.insert(created->registry);
    add_around(before, *created, affected.namespaces);
  }
  if (!affected.accounts.empty()) {
    for (const auto& registry : before.registries) affected.registries.insert(registry.id);
  }
  return affected;
}

}  // namespace spectacles::access
