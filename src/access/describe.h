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

}  // namespace spectacles::access
