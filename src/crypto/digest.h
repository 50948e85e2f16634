#pragma once

#include <string>
#include <string_view>

namespace spectacles::crypto {

// The 32 bytes of SHA-256 (FIPS 180-4).
std::string sha256(std::string_view bytes);

// The 64 bytes of SHA-512 (FIPS 180-4).
std::string sha512(std::string_view bytes);

// The 32 bytes of HMAC-SHA-256 (RFC 2104).
std::string hmac_sha256(std::string_view key, std::string_view bytes);

}  // namespace spectacles::crypto
