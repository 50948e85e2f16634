#pragma once

#include <cstddef>
#include <string>

namespace spectacles::crypto {

// Bytes from the operating system's generator by way of OpenSSL. Throws std::runtime_error if it fails.
std::string random_bytes(std::size_t count);

// 32 random bytes as base64url: 43 characters that nobody guesses (session cookies).
std::string random_token();

// The same for what is never there twice but no secret (ids of tokens): drawn from the generator in batches, so that
// the next ones lie in memory for a while.
std::string random_id();

}  // namespace spectacles::crypto
