// What rooms above this one keep for an account, as far as an account's beginning and end touch it. Each function runs
// inside the transaction of that change.
#pragma once

#include <optional>

#include "accounts/account.h"
#include "audit/event.h"

namespace spectacles::db {
class Session;
}

namespace spectacles::accounts {

class Belongings {
 public:
  virtual ~Belongings() = default;

  // An account was made: gives it what every new one gets.
  virtual void set_up(db::Session& session, const Account& account, const audit::Actor& actor) = 0;

  // An account is about to go: passes what it owns on to `heir`. Without one it refuses (conflict) while there is
  // something, and names it.
  virtual Result<void> pass_on(db::Session& session, const Account& account, const std::optional<Account>& heir,
                               const audit::Actor& actor) = 0;
};

}  // namespace spectacles::accounts
