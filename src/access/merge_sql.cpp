#include "access/merge_sql.h"

#include <fmt/format.h>

#include <algorithm>

#include "accounts/rows_sql.h"

namespace spectacles::access {
namespace {

Result<AccountId> find_account(db::Session& session, const UserName& name, const std::string& field) {
  const auto account = accounts::rows::find_account(session, name);
  if (!account) return refuse(RefusalKind::invalid, fmt::format("there is no user {}", name.str()), field);
  return account->id;
}

Result<GroupId> find_group(db::Session& session, const Label& name, const std::string& field) {
  const auto group = accounts::rows::find_group(session, name);
  if (!group) return refuse(RefusalKind::invalid, fmt::format("there is no group {}", name.str()), field);
  return group->id;
}

Result<Claim> resolve_claim(db::Session& session, const ClaimRequest& wanted, const std::string& field) {
  if (const auto* user = std::get_if<UserName>(&wanted.holder)) {
    const auto id = find_account(session, *user, field + ".user");
    if (!id) return pass_on(id);
    return Claim{.holder = *id, .pattern = wanted.pattern, .level = wanted.level, .holder_name = user->str()};
  }
  const auto& group = std::get<Label>(wanted.holder);
  const auto id = find_group(session, group, field + ".group");
  if (!id) return pass_on(id);
  return Claim{.holder = *id, .pattern = wanted.pattern, .level = wanted.level, .holder_name = group.str()};
}

Result<std::vector<Claim>> resolve_claims(db::Session& session, const std::vector<ClaimRequest>& wanted) {
  std::vector<Claim> claims;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto field = fmt::format("claims[{}]", i);
    auto claim = resolve_claim(session, wanted[i], field);
    if (!claim) return pass_on(claim);
    const bool twice = std::any_of(claims.begin(), claims.end(), [&](const Claim& other) {
      return other.holder == claim->holder && other.pattern == claim->pattern;
    });
    if (twice) {
      return refuse(RefusalKind::invalid,
                    fmt::format("{} has a custom right for {} already", claim->holder_name, claim->pattern.str()),
                    field);
    }
    claims.push_back(std::move(*claim));
  }
  return claims;
}

}  // namespace

Result<void> merge(db::Session& session, const NamespaceChange& wanted, Namespace& ns) {
  if (wanted.owner) {
    const auto owner = find_account(session, *wanted.owner, "owner");
    if (!owner) return pass_on(owner);
    ns.owner = *owner;
    ns.owner_name = *wanted.owner;
  }
  if (wanted.members) {
    ns.members.clear();
    for (std::size_t i = 0; i < wanted.members->size(); ++i) {
      const auto id = find_account(session, (*wanted.members)[i], fmt::format("members[{}]", i));
      if (!id) return pass_on(id);
      ns.members.insert(*id);
    }
  }
  if (wanted.groups) {
    ns.groups.clear();
    for (std::size_t i = 0; i < wanted.groups->size(); ++i) {
      const auto id = find_group(session, (*wanted.groups)[i], fmt::format("groups[{}]", i));
      if (!id) return pass_on(id);
      ns.groups.insert(*id);
    }
  }
  if (wanted.claims) {
    auto claims = resolve_claims(session, *wanted.claims);
    if (!claims) return pass_on(claims);
    ns.claims = std::move(*claims);
  }
  ns.description = wanted.description.value_or(ns.description);
  ns.member_access = wanted.member_access.value_or(ns.member_access);
  ns.group_access = wanted.group_access.value_or(ns.group_access);
  ns.other_access = wanted.other_access.value_or(ns.other_access);
  ns.anonymous_access = wanted.anonymous_access.value_or(ns.anonymous_access);
  return {};
}

}  // namespace spectacles::access
