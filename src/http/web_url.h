// The address of a place on the web, as an operator gives it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace spectacles::http {

// http or https, a host, perhaps a port and a path; without a '/' at the end, which is cut off. Refuses (invalid) user
// names, queries and fragments, and more than 500 bytes.
Result<std::string> parse_web_url(std::string_view text);

}  // namespace spectacles::http
