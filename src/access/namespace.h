// A namespace: part of a registry, with an owner and with rights.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "access/level.h"
#include "base/clock.h"
#include "names/ids.h"
#include "names/label.h"
#include "names/namespace_name.h"
#include "names/pattern.h"
#include "names/user_name.h"

namespace spectacles::access {

// A custom right: what one user or one group has on the repositories that match, whatever the namespace says otherwise.
struct Claim {
  std::variant<AccountId, GroupId> holder;
  Pattern pattern;
  Level level = Level::none;
  std::string holder_name;  // for people

  bool operator==(const Claim&) const = default;
};

struct Namespace {
  NamespaceId id;
  RegistryId registry;
  NamespaceName name;
  AccountId owner;
  UserName owner_name;
  std::string description;
  Level member_access = Level::none;
  Level group_access = Level::none;
  Level other_access = Level::none;
  Level anonymous_access = Level::none;  // none or read
  std::set<AccountId> members;
  std::set<GroupId> groups;
  std::vector<Claim> claims;
  Time created_at = {};

  bool operator==(const Namespace&) const = default;
};

// The anonymous right: NONE or READ.
Result<Level> parse_anonymous_level(std::string_view text);

// At most 1000 characters of UTF-8; line ends and tabs are the only control characters.
Result<std::string> parse_description(std::string_view text);

}  // namespace spectacles::access
