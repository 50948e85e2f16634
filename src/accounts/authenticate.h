// Who is it? A user name and a password become a principal.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "accounts/account.h"
#include "accounts/password.h"
#include "accounts/remembered_passwords.h"
#include "accounts/throttle.h"
#include "base/secret.h"
#include "db/remembered.h"

namespace spectacles::accounts {

// Who may sign in by a name, and the hash that his password has to match.
struct Candidate {
  Principal principal;
  std::string password_hash;
};

class Authenticator {
 public:
  Authenticator(db::Database& database, db::Generation& generation, PasswordHasher& hasher, Throttle& throttle,
                RememberedPasswords& passwords);

  // Who these are, when authenticate() would know it at once, without hashing.
  std::optional<Principal> recognize(std::string_view user, const Secret& password);

  // Refuses (unauthenticated) an unknown name, a wrong password and a disabled account, all with the same words and
  // after the same work; and (too_many) who has failed too often, without looking at the password.
  // A password that was verified in the last minutes is not hashed again.
  Result<Principal> authenticate(std::string_view user, const Secret& password, const std::string& address);

  // The account of this name, which may be disabled.
  std::optional<AccountId> find_account(const UserName& user);

 private:
  std::shared_ptr<const Candidate> find(const Result<UserName>& username);

  db::Database& database_;
  PasswordHasher& hasher_;
  Throttle& throttle_;
  RememberedPasswords& passwords_;
  db::Remembered<UserName, std::shared_ptr<const Candidate>> candidates_;  // null: there is none of this name
};

}  // namespace spectacles::accounts
