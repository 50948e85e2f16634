#include "access/world.h"

#include <algorithm>
#include <stdexcept>

namespace spectacles::access {
namespace {

template <class T, class Is>
T* find_in(std::vector<T>& all, Is is) {
  const auto at = std::find_if(all.begin(), all.end(), is);
  return at == all.end() ? nullptr : &*at;
}

}  // namespace

accounts::Account* World::find_account(const UserName& name) {
  const auto at =
      std::lower_bound(accounts.begin(), accounts.end(), name,
                       [](const accounts::Account& account, const UserName& key) { return account.username < key; });
  return at == accounts.end() || at->username != name || removed.contains(at->id) ? nullptr : &*at;
}

accounts::Group* World::find_group(const Label& name) {
  return find_in(groups, [&](const accounts::Group& group) { return group.name == name; });
}

Namespace* World::find_namespace(NamespaceId id) {
  return find_in(namespaces, [&](const Namespace& ns) { return ns.id == id; });
}

Namespace* World::find_namespace(RegistryId registry, const NamespaceName& name) {
  return find_in(namespaces, [&](const Namespace& ns) { return ns.registry == registry && ns.name == name; });
}

const Label& registry_name(const World& world, RegistryId id) {
  const auto at = std::find_if(world.registries.begin(), world.registries.end(),
                               [&](const RegistryReference& registry) { return registry.id == id; });
  if (at == world.registries.end()) throw std::logic_error("a namespace of no registry");
  return at->name;
}

Decision decide_now(const World& world, const Subject& subject, RegistryId registry, const Namespace* covering,
                    const RepositoryPath& path, ActionSet requested) {
  const auto pause = world.pauses.find(registry);
  return apply_pause(decide(subject, covering, path, requested),
                     pause == world.pauses.end() ? std::nullopt : std::optional(pause->second));
}

}  // namespace spectacles::access
