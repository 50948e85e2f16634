// For tests of accounts alone: nothing hangs on an account but what the test counts.
#pragma once

#include <string>
#include <vector>

#include "accounts/belongings.h"

namespace spectacles::accounts {

class NoBelongings final : public Belongings {
 public:
  void set_up(db::Session&, const Account& account, const audit::Actor&) override {
    set_up_.push_back(account.username.str());
  }

  Result<void> pass_on(db::Session&, const Account& account, const std::optional<Account>& heir,
                       const audit::Actor&) override {
    if (!owners_.contains(account.username)) return {};
    if (!heir) return refuse(RefusalKind::conflict, "owns something", "transfer_to");
    passed_on_.push_back(account.username.str() + " to " + heir->username.str());
    return {};
  }

  std::vector<std::string> set_up_;
  std::vector<std::string> passed_on_;
  std::set<UserName> owners_;
};

}  // namespace spectacles::accounts
