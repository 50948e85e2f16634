// Percent-encoding of RFC 3986 section 2.1, and the UTF-8 that must come out of it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace spectacles::http {

// Nothing when a '%' is not followed by two hexadecimal digits.
std::optional<std::string> percent_decode(std::string_view text);

// The same where '+' is a space: names and values of a form.
std::optional<std::string> form_decode(std::string_view text);

// Whether the bytes are UTF-8 of RFC 3629: shortest forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);

}  // namespace spectacles::http
