// All that decides on rights, at one moment, in memory: to ask about many at once and to try what is not so yet.
#pragma once

#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "access/namespace.h"
#include "access/registry_reference.h"
#include "accounts/account.h"

namespace spectacles::access {

struct World {
  std::vector<RegistryReference> registries;
  std::vector<accounts::Account> accounts;  // by name
  std::set<AccountId> removed;              // of `accounts`, those that are gone
  std::vector<accounts::Group> groups;
  std::vector<Namespace> namespaces;

  // Null: there is none.
  accounts::Account* find_account(const UserName& name);
  accounts::Group* find_group(const Label& name);
  Namespace* find_namespace(NamespaceId id);
  Namespace* find_namespace(RegistryId registry, const NamespaceName& name);
};

// Throws std::logic_error when the world has no such registry.
const Label& registry_name(const World& world, RegistryId id);

}  // namespace spectacles::access
