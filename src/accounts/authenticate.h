// Who is it? A user name and a password become a principal.
#pragma once

#include <string_view>

#include "accounts/account.h"
#include "accounts/password.h"
#include "accounts/throttle.h"
#include "base/secret.h"

namespace spectacles::db {
class Database;
}

namespace spectacles::accounts {

class Authenticator {
 public:
  Authenticator(db::Database& database, PasswordHasher& hasher, Throttle& throttle)
      : database_(database), hasher_(hasher), throttle_(throttle) {}

  // Refuses (unauthenticated) an unknown name, a wrong password and a disabled account, all with the same words and
  // after the same work; and (too_many) who has failed too often, without looking at the password.
  Result<Principal> authenticate(std::string_view user, const Secret& password, const std::string& address);

 private:
  db::Database& database_;
  PasswordHasher& hasher_;
  Throttle& throttle_;
};

}  // namespace spectacles::accounts
