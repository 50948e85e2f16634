// JSON of RFC 8259 read strictly: what two readers could understand differently is refused.
#pragma once

#include <boost/json/value.hpp>
#include <string_view>

#include "base/result.h"

namespace spectacles::http {

// Refuses (invalid) what is not JSON or not UTF-8, nesting deeper than 32, a member that is there twice and a text with
// NUL; for the last two `field` is the path to it ("claims[0].name").
Result<boost::json::value> parse_json(std::string_view text);

}  // namespace spectacles::http
