// Rules of retention as JSON: how the API takes them and the database keeps them (RetentionRules in api/openapi.yaml).
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "base/result.h"
#include "removal/retention.h"

namespace spectacles::removal {

// Refuses (invalid) what is wrong, by its path ("rules[0].keep_newest"): unknown members, a rule without any limit,
// since that would delete everything that it is about.
Result<RetentionRules> parse_retention_rules(const boost::json::object& json);

boost::json::object render(const RetentionRules& rules);

// Equal for equal rules: what a dry run answers and enabling them asks for.
std::string digest_of(const RetentionRules& rules);

}  // namespace spectacles::removal
