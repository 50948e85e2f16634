// The request target of RFC 9112 section 3.2, and the host it is meant for.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace spectacles::http {

struct Target {
  std::string path;   // as Request::path promises, before WEB_ROOT is cut off
  std::string query;  // as sent, without the '?'
  std::string host;   // of the absolute form, else empty
};

// Takes the origin form (/path?query) and the absolute form (http://host/path). Refuses (invalid) every other, and a
// path that could mean two things to two readers: an encoded slash, "." and ".." segments, control characters, what is
// not percent-encoded UTF-8.
Result<Target> parse_target(std::string_view text);

// host[:port] of a URL, where the host is a name, an IPv4 address or an IPv6 address in brackets.
bool is_authority(std::string_view text);

// The path behind `web_root` ("" or "/prefix"), which also answers for `also` without it; nothing for another path.
std::optional<std::string> behind_web_root(const std::string& path, std::string_view web_root,
                                           const std::vector<std::string>& also);

}  // namespace spectacles::http
