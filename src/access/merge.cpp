#include "access/merge.h"

#include <fmt/format.h>

#include <algorithm>

#include "accounts/user_change.h"

namespace spectacles::access {
namespace {

Result<AccountId> find_account(const NameLookup& names, const UserName& name, const std::string& field) {
  const auto id = names.find_account(name);
  if (!id) return accounts::refuse_unknown_user(name, field);
  return *id;
}

Result<GroupId> find_group(const NameLookup& names, const Label& name, const std::string& field) {
  const auto id = names.find_group(name);
  if (!id) return accounts::refuse_unknown_group(name, field);
  return *id;
}

Result<Claim> resolve_claim(const NameLookup& names, const ClaimRequest& wanted, const std::string& field) {
  if (const auto* user = std::get_if<UserName>(&wanted.holder)) {
    const auto id = find_account(names, *user, field + ".user");
    if (!id) return pass_on(id);
    return Claim{.holder = *id, .pattern = wanted.pattern, .level = wanted.level, .holder_name = user->str()};
  }
  const auto& group = std::get<Label>(wanted.holder);
  const auto id = find_group(names, group, field + ".group");
  if (!id) return pass_on(id);
  return Claim{.holder = *id, .pattern = wanted.pattern, .level = wanted.level, .holder_name = group.str()};
}

Result<std::vector<Claim>> resolve_claims(const NameLookup& names, const std::vector<ClaimRequest>& wanted) {
  std::vector<Claim> claims;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto field = fmt::format("claims[{}]", i);
    auto claim = resolve_claim(names, wanted[i], field);
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

Result<void> merge(const NameLookup& names, const NamespaceChange& wanted, Namespace& ns) {
  if (wanted.owner) {
    const auto owner = find_account(names, *wanted.owner, "owner");
    if (!owner) return pass_on(owner);
    ns.owner = *owner;
    ns.owner_name = *wanted.owner;
  }
  if (wanted.members) {
    ns.members.clear();
    for (std::size_t i = 0; i < wanted.members->size(); ++i) {
      const auto id = find_account(names, (*wanted.members)[i], fmt::format("members[{}]", i));
      if (!id) return pass_on(id);
      ns.members.insert(*id);
    }
  }
  if (wanted.groups) {
    ns.groups.clear();
    for (std::size_t i = 0; i < wanted.groups->size(); ++i) {
      const auto id = find_group(names, (*wanted.groups)[i], fmt::format("groups[{}]", i));
      if (!id) return pass_on(id);
      ns.groups.insert(*id);
    }
  }
  if (wanted.claims) {
    auto claims = resolve_claims(names, *wanted.claims);
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
