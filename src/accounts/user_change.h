// Changes of accounts and what must hold of them, whoever makes them and wherever they are tried.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "accounts/account.h"

namespace spectacles::accounts {

// What is left out stays as it is.
struct UserChange {
  std::optional<std::optional<std::string>> email = {};  // nothing inside: without an address
  std::optional<Role> role = {};
  std::optional<bool> disabled = {};
};

Account apply(Account account, const UserChange& change);

bool is_active_administrator(const Account& account);

// Refuses (conflict) to let the only one of `active_administrators` go; `before` is his state until now.
Result<void> check_administrators_stay(const Account& before, bool stays_administrator,
                                       std::int64_t active_administrators);

// Who can inherit from `leaving`: refuses (invalid, "transfer_to") who does not exist, is disabled or is `leaving`.
Result<void> check_heir(const std::optional<Account>& heir, const UserName& name, const Account& leaving);

// Refusals that several ways of changing something share.
tl::unexpected<Refusal> refuse_unknown_user(const UserName& name, std::string field);  // invalid
tl::unexpected<Refusal> refuse_unknown_group(const Label& name, std::string field);    // invalid
tl::unexpected<Refusal> refuse_taken_group(const Label& name);                         // conflict, "name"

}  // namespace spectacles::accounts
