// Turns the names of a change into what exists.
#pragma once

#include <functional>
#include <optional>

#include "access/namespace.h"
#include "access/namespace_change.h"

namespace spectacles::access {

// How names are found: in the database, or in a world that is only tried.
struct NameLookup {
  std::function<std::optional<AccountId>(const UserName&)> find_account;
  std::function<std::optional<GroupId>(const Label&)> find_group;
};

// Writes what `wanted` says into `ns`, names turned into ids. Refuses (invalid) the first name that does not exist, and
// a custom right that comes twice, by field ("members[1]", "claims[0].user").
Result<void> merge(const NameLookup& names, const NamespaceChange& wanted, Namespace& ns);

}  // namespace spectacles::access
