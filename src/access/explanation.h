#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "access/store_sql.h"

namespace spectacles::access {

// The explanation as the API and `spectacles explain --output json` give it (Explanation in api/openapi.yaml).
boost::json::object render_explanation(const Explanation& explanation);

// The same for people, several lines.
std::string render_explanation_text(const Explanation& explanation);

}  // namespace spectacles::access
