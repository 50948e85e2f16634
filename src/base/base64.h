// Base64 of RFC 4648: with padding as in HTTP Basic and PEM (section 4), URL-safe without padding as in JOSE (section
// 5).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace spectacles {

std::string to_base64(std::string_view bytes);
std::string to_base64url(std::string_view bytes);
void append_base64url(std::string& text, std::string_view bytes);

// Nothing when the text is not exactly what the encoder would have written (foreign characters, wrong padding or
// length, bits set that carry no data).
std::optional<std::string> from_base64(std::string_view text);
std::optional<std::string> from_base64url(std::string_view text);

// Lower-case hexadecimal.
std::string to_hex(std::string_view bytes);

}  // namespace spectacles
