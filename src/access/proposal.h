// Changes that are tried in memory: each is refused as the real one would be, by the same text and field.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "access/namespace_change.h"
#include "access/world.h"
#include "accounts/user_change.h"

namespace spectacles::access {

// A namespace by its id, or by the name of its registry and its own.
using NamespaceTarget = std::variant<NamespaceId, std::pair<std::string, NamespaceName>>;

struct ChangeNamespace {
  NamespaceTarget target;
  NamespaceChange wanted;
};
struct CreateNamespace {
  std::string registry;
  NamespaceName name;
  NamespaceChange wanted;
};
struct RemoveNamespace {
  NamespaceTarget target;
};
struct ChangeUser {
  UserName user;
  accounts::UserChange wanted;
  std::optional<std::vector<Label>> groups;  // the whole list
};
struct RemoveUser {
  UserName user;
  std::optional<UserName> transfer_to;
};
struct ChangeGroup {
  Label group;
  std::vector<UserName> members;  // the whole list
};
struct CreateGroup {
  Label group;
  std::vector<UserName> members;
};
struct RemoveGroup {
  Label group;
};

using Proposal = std::variant<ChangeNamespace, CreateNamespace, RemoveNamespace, ChangeUser, RemoveUser, ChangeGroup,
                              CreateGroup, RemoveGroup>;

// The member of a request that says it: "namespace", "create_namespace", "remove_namespace", "user", "remove_user",
// "group", "create_group", "remove_group".
std::string_view render_kind(const Proposal& proposal);

// Whose proposals they are. Who may not make a change may not try it.
struct Proposer {
  accounts::Principal who;
  // Whether `who` may have the namespace of his own name in this registry.
  std::function<bool(RegistryId)> may_have_personal;
};

// Makes the change in `world`. What is new there has an id below 0. After a refusal `world` is of no use any more.
Result<void> try_out(World& world, const Proposal& proposal, const Proposer& by);

}  // namespace spectacles::access
