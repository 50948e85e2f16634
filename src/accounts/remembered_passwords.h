// Passwords that were verified a moment ago, so that one account that pulls a thousand times is hashed for once.
//
// What is remembered is an HMAC under a key that was made at the start and never leaves the process: of the account, of
// the hash that the password matched, and of the password. So another hash (a new password) is not remembered for, and
// who reads the memory of a stopped process learns nothing.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <unordered_map>

#include "base/clock.h"
#include "base/secret.h"
#include "base/synced.h"
#include "crypto/digest.h"
#include "names/ids.h"

namespace spectacles::accounts {

// May be used by several threads at once.
class RememberedPasswords {
 public:
  static constexpr std::chrono::minutes lifetime{5};
  static constexpr std::size_t most = 100'000;  // accounts; about 100 bytes each

  explicit RememberedPasswords(const Clock& clock);

  // Whether `typed` was verified for this account and this hash in the last minutes.
  bool knows(AccountId account, const std::string& phc, const Secret& typed) const;

  // Only after `typed` was verified against `phc`.
  void remember(AccountId account, const std::string& phc, const Secret& typed);

 private:
  struct Entry {
    std::string mac;
    Time until;
  };

  std::string mac_of(AccountId account, const std::string& phc, const Secret& typed) const;

  const Clock& clock_;
  const crypto::HmacKey key_;
  mutable Synced<std::unordered_map<AccountId, Entry>> entries_;
};

}  // namespace spectacles::accounts
