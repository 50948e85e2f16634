// Where a change can make a difference at all.
#pragma once

#include <set>
#include <vector>

#include "access/world.h"

namespace spectacles::access {

struct Affected {
  std::vector<AccountId> accounts;   // whose role or state changes, or who goes: everywhere
  std::set<GroupId> groups;          // whose members change
  std::set<NamespaceId> namespaces;  // of the world before: where rights change, or repositories leave
  std::set<RegistryId> registries;

  // Whether anybody may have something else where `before` decides now and `after` does then (null: none does).
  bool may_differ(const Namespace* before, const Namespace* after) const;
};

// `after` has the accounts of `before`, in the same order.
Affected find_affected(const World& before, const World& after);

}  // namespace spectacles::access
