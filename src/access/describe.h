// A namespace as it is recorded: the state whose changes activity shows.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <vector>

#include "access/namespace.h"

namespace spectacles::access {

boost::json::object describe(const Namespace& ns, const std::vector<UserName>& members,
                             const std::vector<Label>& groups);

// "main: team".
std::string subject_line(const Label& registry, const NamespaceName& name);

// Why an account that owns `namespaces` (as subject_line writes them) cannot go without an heir (conflict,
// "transfer_to").
tl::unexpected<Refusal> refuse_without_heir(const UserName& leaving, const std::vector<std::string>& namespaces);

}  // namespace spectacles::access
