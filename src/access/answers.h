// Answers to questions about many, as the API and the command line give them (api/openapi.yaml: Grantee, Reach,
// ReachedRepository).
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "access/what_if_sql.h"

namespace spectacles::access {

boost::json::object render_grantee(const Grantee& grantee, const WhoAnswer& answer);
boost::json::object render_reach(const Reach& reach);
boost::json::object render_reached_repository(const ReachedRepository& reached);

// The same for people.
std::string render_who_text(const WhoAnswer& answer);
std::string render_reach_text(const std::vector<Reach>& rows);
std::string render_reached_text(const std::vector<ReachedRepository>& rows);

}  // namespace spectacles::access
