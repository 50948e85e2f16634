// Entity tags and the conditions If-Match and If-None-Match (RFC 9110, sections 8.8.3, 13.1.1 and 13.1.2).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/request.h"

namespace spectacles::http {

// `opaque` (base64url) as a strong entity tag: in quotes.
std::string render_etag(std::string_view opaque);

// What the If-Match lines of a request name, without quotes; nothing when there are none or they say "*". Weak tags
// name nothing: If-Match compares strongly. Refuses (invalid, "If-Match") what is no list of entity tags.
Result<std::optional<std::vector<std::string>>> parse_if_match(const Request& request);

// Whether the client has what `etag` (in quotes) names, so that 304 is enough: If-None-Match, compared weakly.
bool is_known(const Request& request, std::string_view etag);

}  // namespace spectacles::http
