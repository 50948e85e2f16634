// Who may do this here: the decision for everybody.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "access/decide.h"
#include "access/world.h"

namespace spectacles::access {

struct Grantee {
  std::optional<UserName> user;  // nothing: nobody signed in
  Decision decision;             // on `decided_on`
  RepositoryPath decided_on;     // the first of those on which everything is granted
  std::vector<std::string> via;  // the user's groups by which the rule is his, in order; empty for other rules
  std::size_t repositories = 0;  // on how many everything is granted
};

// Everybody who may sign in and is granted all of `requested` on any of `repositories` (in order), by name; before them
// nobody signed in, if that holds without an account.
std::vector<Grantee> find_grantees(const World& world, RegistryId registry,
                                   const std::vector<RepositoryPath>& repositories, ActionSet requested);

}  // namespace spectacles::access
