#include "declare/draft.h"

namespace spectacles::declare {
namespace {

class NamespaceWriter {
 public:
  explicit NamespaceWriter(Draft& draft) : draft_(draft) {}

  void write(const NamespaceEntry& entry) {
    check_names(entry);
    const auto registry = registry_of(entry);
    if (!registry || !entry.name) return;
    const NamespaceKey key{*registry, *entry.name};
    const auto [first, is_first] = seen_.try_emplace(key, entry.place.path);
    if (!is_first) {
      draft_.error({entry.place.path + ".name", entry.place.line},
                   fmt::format("{} is described by {} already", render_name(key), first->second));
      return;
    }
    auto found = draft_.world.namespaces.find(key);
    if (found == draft_.world.namespaces.end()) {
      if (!entry.owner) return draft_.missing(entry.place, "owner", "a new namespace needs an owner");
      found = draft_.world.namespaces.emplace(key, Namespace{*registry, *entry.name, entry.owner->value}).first;
    }
    change(found->second, entry);
  }

  // Whether the file describes the namespace.
  bool has_seen(const NamespaceKey& key) const { return seen_.contains(key); }

 private:
  std::optional<Label> registry_of(const NamespaceEntry& entry) {
    const auto& registries = draft_.names.registries;
    if (entry.registry) {
      if (registries.contains(entry.registry->value)) return entry.registry->value;
      draft_.error(entry.registry->place, fmt::format("there is no registry '{}'", entry.registry->value.str()));
      return std::nullopt;
    }
    if (registries.size() == 1) return *registries.begin();
    draft_.missing(entry.place, "registry",
                   registries.empty() ? "there is no registry yet" : "there is more than one registry");
    return std::nullopt;
  }

  // Of users and groups, whatever else is wrong with the entry.
  void check_names(const NamespaceEntry& entry) {
    if (entry.owner) check_user(entry.owner->value, entry.owner->place);
    if (entry.members) {
      for (const auto& member : *entry.members) check_user(member.value, member.place);
    }
    if (entry.groups) {
      for (const auto& group : *entry.groups) check_group(group.value, group.place);
    }
    if (entry.claims) {
      for (const auto& claim : *entry.claims) check_holder(claim);
    }
  }

  static void change(Namespace& ns, const NamespaceEntry& entry) {
    take(ns.owner, entry.owner);
    take(ns.description, entry.description);
    take(ns.member_access, entry.member_access);
    take(ns.group_access, entry.group_access);
    take(ns.other_access, entry.other_access);
    take(ns.anonymous_access, entry.anonymous_access);
    if (entry.members) {
      ns.members.clear();
      for (const auto& member : *entry.members) ns.members.insert(member.value);
    }
    if (entry.groups) {
      ns.groups.clear();
      for (const auto& group : *entry.groups) ns.groups.insert(group.value);
    }
    if (entry.claims) {
      ns.claims.clear();
      for (const auto& claim : *entry.claims) ns.claims.insert({claim.holder, claim.repository, claim.access});
    }
  }

  void check_holder(const ClaimEntry& claim) {
    if (const auto* user = std::get_if<UserName>(&claim.holder)) {
      check_user(*user, claim.place);
    } else {
      check_group(std::get<Label>(claim.holder), claim.place);
    }
  }

  void check_user(const UserName& name, const Place& place) {
    if (!draft_.names.users.contains(name)) draft_.error(place, fmt::format("there is no user '{}'", name.str()));
  }

  void check_group(const Label& name, const Place& place) {
    if (!draft_.names.groups.contains(name)) draft_.error(place, fmt::format("there is no group '{}'", name.str()));
  }

  Draft& draft_;
  std::map<NamespaceKey, std::string> seen_;
};

}  // namespace

void want_namespaces(Draft& draft, const Section<NamespaceEntry>& section) {
  NamespaceWriter writer(draft);
  for (const NamespaceEntry& entry : section.entries) writer.write(entry);
  if (draft.prune == Prune::no) return;
  std::erase_if(draft.world.namespaces, [&](const auto& it) { return !writer.has_seen(it.first); });
}

}  // namespace spectacles::declare
