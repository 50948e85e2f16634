// All that decides on rights, at one moment, in memory: to ask about many at once and to try what is not so yet.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "access/namespace.h"
#include "access/pause.h"
#include "access/registry_reference.h"
#include "accounts/account.h"

namespace spectacles::access {

struct World {
  std::vector<RegistryReference> registries;
  std::vector<accounts::Account> accounts;  // by name
  std::set<AccountId> removed;              // of `accounts`, those that are gone
  std::vector<accounts::Group> groups;
  std::vector<Namespace> namespaces;
  std::map<RegistryId, Pause> pauses = {};  // of registries that take nothing in now

  // Null: there is none.
  accounts::Account* find_account(const UserName& name);
  accounts::Group* find_group(const Label& name);
  Namespace* find_namespace(NamespaceId id);
  Namespace* find_namespace(RegistryId registry, const NamespaceName& name);
};

// The decision as it is now: decide() with the pause of the registry, if it is in one.
Decision decide_now(const World& world, const Subject& subject, RegistryId registry, const Namespace* covering,
                    const RepositoryPath& path, ActionSet requested);

// Throws std::logic_error when the world has no such registry.
const Label& registry_name(const World& world, RegistryId id);

}  // namespace spectacles::access
