#include "declare/want.h"

#include <algorithm>

#include "accounts/password_rules.h"
#include "declare/draft.h"

namespace spectacles::declare {
namespace {

// The names in the end: those of the file, and those that are there unless pruning takes them.
template <class Name, class Object, class Entry>
std::set<Name> final_names(const std::map<Name, Object>& now, const std::optional<Section<Entry>>& section,
                           Name Entry::*name, Prune prune) {
  std::set<Name> out;
  if (section) {
    for (const Entry& entry : section->entries) out.insert(entry.*name);
  }
  if (!section || prune == Prune::no) {
    for (const auto& object : now) out.insert(object.first);
  }
  return out;
}

void want_registries(Draft& draft, const Section<RegistryEntry>& section) {
  auto& registries = draft.world.registries;
  for (const RegistryEntry& entry : section.entries) {
    auto found = registries.find(entry.name);
    if (found == registries.end()) {
      constexpr std::string_view why = "a new registry needs url and service";
      if (!entry.url) draft.missing(entry.place, "url", why);
      if (!entry.service) draft.missing(entry.place, "service", why);
      if (!entry.url || !entry.service) continue;
      found = registries
                  .emplace(entry.name, Registry{entry.name,
                                                {entry.url->value, std::nullopt, std::nullopt},
                                                entry.url->value.host(),
                                                entry.service->value})
                  .first;
    }
    Registry& registry = found->second;
    take(registry.address.url, entry.url);
    take(registry.address.ca, entry.ca);
    take(registry.address.pin, entry.pin);
    take(registry.public_host, entry.public_host);
    take(registry.service, entry.service);
    take(registry.key_mode, entry.key_mode);
  }
}

// Only who gives a service can be told that it is taken.
void check_services(Draft& draft, const Section<RegistryEntry>& section) {
  std::map<ServiceName, std::set<Label>> users_of;
  for (const auto& [name, registry] : draft.world.registries) users_of[registry.service].insert(name);
  for (const RegistryEntry& entry : section.entries) {
    if (!entry.service) continue;
    for (const Label& other : users_of[entry.service->value]) {
      if (other == entry.name) continue;
      draft.error(entry.service->place,
                  fmt::format("'{}' is the service of registry '{}' already", entry.service->value.str(), other.str()));
    }
  }
}

void want_users(Draft& draft, const Section<UserEntry>& section, const HashOf& hash_of) {
  for (const UserEntry& entry : section.entries) {
    const auto [found, is_new] = draft.world.users.try_emplace(entry.username, User{.username = entry.username});
    User& user = found->second;
    if (is_new && !entry.password) {
      draft.missing(entry.place, "password", "a new user needs password, password_hash or password_file");
    }
    take(user.email, entry.email);
    take(user.role, entry.role);
    take(user.disabled, entry.disabled);
    if (!entry.password) continue;
    if (const auto* hash = std::get_if<std::string>(&entry.password->value)) {
      user.password_hash = *hash;
    } else {
      const auto& password = std::get<Secret>(entry.password->value);
      if (const auto checked = accounts::check_password_of(password, entry.username, user.email); !checked) {
        draft.error(entry.password->place, checked.error().text);
      }
      const auto stored = is_new ? std::nullopt : std::optional(user.password_hash);
      user.password_hash = hash_of(entry.username, password, stored);
    }
  }
}

void want_groups(Draft& draft, const Section<GroupEntry>& section) {
  for (const GroupEntry& entry : section.entries) {
    Group& group = draft.world.groups.try_emplace(entry.name, Group{entry.name, {}}).first->second;
    if (!entry.members) continue;
    group.members.clear();
    for (const auto& member : *entry.members) {
      if (!draft.names.users.contains(member.value)) {
        draft.error(member.place, fmt::format("there is no user '{}'", member.value.str()));
      }
      group.members.insert(member.value);
    }
  }
}

// Removes what pruning removes, and with it its part in groups and namespaces that stay.
void drop_pruned(Draft& draft) {
  World& world = draft.world;
  const FinalNames& names = draft.names;
  std::erase_if(world.registries, [&](const auto& it) { return !names.registries.contains(it.first); });
  std::erase_if(world.users, [&](const auto& it) { return !names.users.contains(it.first); });
  std::erase_if(world.groups, [&](const auto& it) { return !names.groups.contains(it.first); });

  const auto user_is_gone = [&](const UserName& name) { return !names.users.contains(name); };
  const auto group_is_gone = [&](const Label& name) { return !names.groups.contains(name); };
  for (auto& [name, group] : world.groups) std::erase_if(group.members, user_is_gone);
  for (auto& [key, ns] : world.namespaces) {
    std::erase_if(ns.members, user_is_gone);
    std::erase_if(ns.groups, group_is_gone);
    std::erase_if(ns.claims, [&](const Claim& claim) {
      const auto* user = std::get_if<UserName>(&claim.holder);
      return user != nullptr ? user_is_gone(*user) : group_is_gone(std::get<Label>(claim.holder));
    });
  }
}

// A namespace that stays needs its registry and its owner.
void check_foundations(Draft& draft, const Document& document) {
  for (const auto& [key, ns] : draft.world.namespaces) {
    if (document.registries && !draft.names.registries.contains(ns.registry)) {
      draft.error(
          document.registries->place,
          fmt::format("registry '{}' is not in the list, so pruning would delete it, but it has the namespace {}, "
                      "which stays",
                      ns.registry.str(), render_name(key)));
    }
    if (document.users && !draft.names.users.contains(ns.owner)) {
      draft.error(document.users->place,
                  fmt::format("user '{}' is not in the list, so pruning would delete the owner of namespace {}, which "
                              "stays: give it another owner",
                              ns.owner.str(), render_name(key)));
    }
  }
}

bool has_active_administrator(const World& world) {
  return std::any_of(world.users.begin(), world.users.end(),
                     [](const auto& it) { return it.second.is_active_administrator(); });
}

// Who has administrators must keep one, or nobody could ever mend a mistake from the console.
void check_administrators(Draft& draft, const World& now, const Section<UserEntry>& section) {
  if (!has_active_administrator(now) || has_active_administrator(draft.world)) return;
  constexpr std::string_view text = "this would leave no active administrator";
  bool told = false;
  for (const UserEntry& entry : section.entries) {
    const auto before = now.users.find(entry.username);
    if (before == now.users.end() || !before->second.is_active_administrator()) continue;
    const bool by_role = entry.role && entry.role->value != accounts::Role::admin;
    draft.error(by_role ? entry.role->place : entry.disabled->place, std::string(text));
    told = true;
  }
  if (!told) draft.error(section.place, std::string(text));
}

}  // namespace

World want(const World& now, const Document& document, Prune prune, const HashOf& hash_of, Errors& errors) {
  Draft draft{now,
              {final_names(now.registries, document.registries, &RegistryEntry::name, prune),
               final_names(now.users, document.users, &UserEntry::username, prune),
               final_names(now.groups, document.groups, &GroupEntry::name, prune)},
              prune,
              errors};
  if (document.registries) want_registries(draft, *document.registries);
  if (document.users) want_users(draft, *document.users, hash_of);
  if (document.groups) want_groups(draft, *document.groups);
  if (document.namespaces) want_namespaces(draft, *document.namespaces);
  if (prune == Prune::yes) {
    drop_pruned(draft);
    check_foundations(draft, document);
  }
  if (document.registries) check_services(draft, *document.registries);
  if (document.users) check_administrators(draft, now, *document.users);
  return std::move(draft.world);
}

}  // namespace spectacles::declare
