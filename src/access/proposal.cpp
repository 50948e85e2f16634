#include "access/proposal.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "access/creation.h"
#include "access/describe.h"
#include "access/merge.h"
#include "access/subject.h"

namespace spectacles::access {
namespace {

NameLookup lookup_in(World& world) {
  return {.find_account = [&world](const UserName& name) -> std::optional<AccountId> {
            const auto* account = world.find_account(name);
            return account != nullptr ? std::optional(account->id) : std::nullopt;
          },
          .find_group = [&world](const Label& name) -> std::optional<GroupId> {
            const auto* group = world.find_group(name);
            return group != nullptr ? std::optional(group->id) : std::nullopt;
          }};
}

// An id that no other of `all` has.
template <class Id, class T>
Id new_id(const std::vector<T>& all) {
  std::int64_t lowest = 0;
  for (const auto& one : all) lowest = std::min(lowest, one.id.value());
  return Id(lowest - 1);
}

template <class Id>
void forget_claims_of(World& world, Id holder) {
  for (auto& ns : world.namespaces) {
    std::erase_if(ns.claims,
                  [&](const Claim& claim) { return claim.holder == std::variant<AccountId, GroupId>(holder); });
  }
}

// The nearest namespace that `name` would lie inside.
const Namespace* find_enclosing(const World& world, RegistryId registry, const NamespaceName& name) {
  const Namespace* nearest = nullptr;
  for (const auto& ns : world.namespaces) {
    const bool encloses = ns.registry == registry && ns.name.encloses(name);
    if (encloses && (nearest == nullptr || nearest->name.str().size() < ns.name.str().size())) nearest = &ns;
  }
  return nearest;
}

class TryOut {
 public:
  TryOut(World& world, const Proposer& by) : world_(world), by_(by) {}

  Result<void> operator()(const ChangeNamespace& change) const {
    auto* ns = find(change.target);
    if (auto checked = check_manageable(by_.who, ns); !checked) return checked;
    return merge(lookup_in(world_), change.wanted, *ns);
  }

  Result<void> operator()(const CreateNamespace& creation) const {
    const auto registry = choose_registry(world_.registries, creation.registry);
    if (!registry) return pass_on(registry);
    const auto* enclosing = find_enclosing(world_, registry->id, creation.name);
    auto may = check_may_create(by_.who, enclosing, creation.name, creation.wanted.owner,
                                [&] { return by_.may_have_personal(registry->id); });
    if (!may) return may;
    Namespace ns{.id = new_id<NamespaceId>(world_.namespaces),
                 .registry = registry->id,
                 .name = creation.name,
                 .owner = by_.who.account->id,
                 .owner_name = by_.who.account->username,
                 .description = "",
                 .members = {},
                 .groups = {},
                 .claims = {}};
    if (auto merged = merge(lookup_in(world_), creation.wanted, ns); !merged) return merged;
    if (world_.find_namespace(registry->id, creation.name) != nullptr) return refuse_taken_namespace();
    world_.namespaces.push_back(std::move(ns));
    return {};
  }

  Result<void> operator()(const RemoveNamespace& removal) const {
    const auto* ns = find(removal.target);
    if (auto checked = check_manageable(by_.who, ns); !checked) return checked;
    std::erase_if(world_.namespaces, [id = ns->id](const Namespace& one) { return one.id == id; });
    return {};
  }

  Result<void> operator()(const ChangeUser& change) const {
    auto* account = world_.find_account(change.user);
    if (account == nullptr) return accounts::refuse_unknown_user(change.user, "username");
    const auto after = accounts::apply(*account, change.wanted);
    if (auto stays = check_administrators_stay(*account, accounts::is_active_administrator(after)); !stays) {
      return stays;
    }
    *account = after;
    return change.groups ? put_into(change.user, *change.groups) : Result<void>();
  }

  Result<void> operator()(const RemoveUser& removal) const {
    const auto* found = world_.find_account(removal.user);
    if (found == nullptr) return accounts::refuse_unknown_user(removal.user, "username");
    const auto account = *found;
    if (auto stays = check_administrators_stay(account, false); !stays) return stays;
    std::optional<accounts::Account> heir;
    if (removal.transfer_to) {
      if (const auto* to = world_.find_account(*removal.transfer_to)) heir = *to;
      if (auto checked = accounts::check_heir(heir, *removal.transfer_to, account); !checked) return checked;
    }
    if (auto passed = pass_on_namespaces(account, heir); !passed) return passed;
    forget_claims_of(world_, account.id);
    for (auto& ns : world_.namespaces) ns.members.erase(account.id);
    for (auto& group : world_.groups) group.members.erase(account.username);
    world_.removed.insert(account.id);
    return {};
  }

  Result<void> operator()(const ChangeGroup& change) const {
    auto* group = world_.find_group(change.group);
    if (group == nullptr) return accounts::refuse_unknown_group(change.group, "name");
    auto members = check_members(change.members);
    if (!members) return pass_on(members);
    group->members = std::move(*members);
    return {};
  }

  Result<void> operator()(const CreateGroup& creation) const {
    auto members = check_members(creation.members);
    if (!members) return pass_on(members);
    if (world_.find_group(creation.group) != nullptr) return accounts::refuse_taken_group(creation.group);
    world_.groups.push_back(
        {.id = new_id<GroupId>(world_.groups), .name = creation.group, .members = std::move(*members)});
    return {};
  }

  Result<void> operator()(const RemoveGroup& removal) const {
    const auto* group = world_.find_group(removal.group);
    if (group == nullptr) return accounts::refuse_unknown_group(removal.group, "name");
    const auto id = group->id;
    forget_claims_of(world_, id);
    for (auto& ns : world_.namespaces) ns.groups.erase(id);
    std::erase_if(world_.groups, [&](const accounts::Group& one) { return one.id == id; });
    return {};
  }

 private:
  Namespace* find(const NamespaceTarget& target) const {
    if (const auto* id = std::get_if<NamespaceId>(&target)) return world_.find_namespace(*id);
    const auto& [registry_name, name] = std::get<std::pair<std::string, NamespaceName>>(target);
    const auto registry = choose_registry(world_.registries, registry_name);
    return registry ? world_.find_namespace(registry->id, name) : nullptr;
  }

  Result<void> check_administrators_stay(const accounts::Account& before, bool stays_administrator) const {
    const auto active = std::count_if(world_.accounts.begin(), world_.accounts.end(), [&](const auto& account) {
      return accounts::is_active_administrator(account) && !world_.removed.contains(account.id);
    });
    return accounts::check_administrators_stay(before, stays_administrator, active);
  }

  Result<void> pass_on_namespaces(const accounts::Account& account,
                                  const std::optional<accounts::Account>& heir) const {
    std::vector<std::string> owned;
    for (auto& ns : world_.namespaces) {
      if (ns.owner != account.id) continue;
      owned.push_back(subject_line(registry_name(world_, ns.registry), ns.name));
      if (!heir) continue;
      ns.owner = heir->id;
      ns.owner_name = heir->username;
    }
    if (!heir && !owned.empty()) return refuse_without_heir(account.username, owned);
    return {};
  }

  Result<std::set<UserName>> check_members(const std::vector<UserName>& members) const {
    std::set<UserName> checked;
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (world_.find_account(members[i]) == nullptr) {
        return accounts::refuse_unknown_user(members[i], fmt::format("members[{}]", i));
      }
      checked.insert(members[i]);
    }
    return checked;
  }

  Result<void> put_into(const UserName& user, const std::vector<Label>& groups) const {
    for (std::size_t i = 0; i < groups.size(); ++i) {
      if (world_.find_group(groups[i]) == nullptr) {
        return accounts::refuse_unknown_group(groups[i], fmt::format("groups[{}]", i));
      }
    }
    for (auto& group : world_.groups) {
      const bool belongs = std::find(groups.begin(), groups.end(), group.name) != groups.end();
      if (belongs) group.members.insert(user);
      if (!belongs) group.members.erase(user);
    }
    return {};
  }

  World& world_;
  const Proposer& by_;
};

}  // namespace

std::string_view render_kind(const Proposal& proposal) {
  static constexpr std::string_view kinds[] = {"namespace",    "create_namespace", "remove_namespace",
                                               "user",         "remove_user",      "group",
                                               "create_group", "remove_group"};
  static_assert(std::size(kinds) == std::variant_size_v<Proposal>);
  return kinds[proposal.index()];
}

Result<void> try_out(World& world, const Proposal& proposal, const Proposer& by) {
  const bool about_people = !std::holds_alternative<ChangeNamespace>(proposal) &&
                            !std::holds_alternative<CreateNamespace>(proposal) &&
                            !std::holds_alternative<RemoveNamespace>(proposal);
  if (about_people && !by.who.is_administrator()) {
    return refuse(RefusalKind::forbidden, "only administrators change users and groups");
  }
  return std::visit(TryOut(world, by), proposal);
}

}  // namespace spectacles::access
