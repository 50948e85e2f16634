// How passwords are kept. password_rules.h says which are accepted.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.h"

namespace spectacles::accounts {

constexpr std::size_t max_password_length = 256;  // characters

// The form in which a password is hashed and compared: Normalization Form C, whole. Nothing when it is not UTF-8 or
// longer than any accepted password.
std::optional<Secret> normalize_password(const Secret& typed);

// Hashes and verifies, a few at a time: each takes 19 MiB and some hundredths of a second, and a flood of sign-ins must
// neither take all memory nor all processors.
class PasswordHasher {
 public:
  // Verified against where there is no account, so that it takes as long: of 32 random bytes that nobody kept. Made
  // once and for all, since making one at each start would take longer than the rest of it.
  static constexpr std::string_view nobodys_hash =
      "$argon2id$v=19$m=19456,t=2,p=1$E93RanJw9u3fBB9S1Ykrmw$0mhh+nTJXOchKICkoa0Mm1vUOon8Ig5hUP98lOn9l3M";

  explicit PasswordHasher(std::size_t at_once);
  ~PasswordHasher();
  PasswordHasher(const PasswordHasher&) = delete;
  PasswordHasher& operator=(const PasswordHasher&) = delete;

  // An Argon2id PHC string. Waits for its turn.
  std::string hash(const Secret& normalized);

  // Whether `typed` is the password of `phc`. Without a `phc` (there is no such account) it takes as long and is false.
  bool verify(const Secret& typed, const std::optional<std::string>& phc);

 private:
  class Turnstile;
  std::unique_ptr<Turnstile> turnstile_;
};

}  // namespace spectacles::accounts
