// A change of a namespace as it is asked for: by names.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "access/namespace.h"

namespace spectacles::access {

// A custom right as it is asked for: by the name of a user or a group.
struct ClaimRequest {
  std::variant<UserName, Label> holder;
  Pattern pattern;
  Level level = Level::none;
};

// What is left out stays as it is; a list that is given is the whole list.
struct NamespaceChange {
  std::optional<UserName> owner = {};
  std::optional<std::string> description = {};
  std::optional<Level> member_access = {};
  std::optional<Level> group_access = {};
  std::optional<Level> other_access = {};
  std::optional<Level> anonymous_access = {};
  std::optional<std::vector<UserName>> members = {};
  std::optional<std::vector<Label>> groups = {};
  std::optional<std::vector<ClaimRequest>> claims = {};
};

}  // namespace spectacles::access
