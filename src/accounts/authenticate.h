// Who is it? A user name and a password become a principal.
#pragma once

#include <string_view>

#include "accounts/account.h"
#include "accounts/password.h"
#include "base/secret.h"

namespace spectacles::db {
class Database;
}

namespace spectacles::accounts {

class Authenticator {
 public:
  Authenticator(db::Database& database, PasswordHasher& hasher) : database_(database), hasher_(hasher) {}

  // Refuses (unauthenticated) an unknown name, a wrong password and a disabled account, all with the same words and
  // after the same work.
  Result<Principal> authenticate(std::string_view user, const Secret& password);

 private:
  db::Database& database_;
  PasswordHasher& hasher_;
};

}  // namespace spectacles::accounts
