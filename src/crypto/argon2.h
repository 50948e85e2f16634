// Argon2id (RFC 9106) in the PHC string form "$argon2id$v=19$m=19456,t=2,p=1$salt$hash".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace spectacles::crypto {

// What OWASP recommends where many sign in at once: 19 MiB, two passes, one lane.
struct Argon2Cost {
  std::uint32_t memory_kib = 19456;
  std::uint32_t passes = 2;
  std::uint32_t lanes = 1;

  bool operator==(const Argon2Cost&) const = default;
};

// A new random salt each time. Throws std::runtime_error when memory is short.
std::string argon2id_hash(const Secret& password, const Argon2Cost& cost = {});

// Whether `password` is the one that `phc` was made of. `phc` must have passed check_argon2id.
bool argon2id_verify(const Secret& password, std::string_view phc);

// Refuses what is not an argon2id PHC string, or one that costs more than 1 GiB, 16 passes or 16 lanes (a hash comes
// from a file or another program; it must not be able to stop this one).
Result<void> check_argon2id(std::string_view phc);

}  // namespace spectacles::crypto
