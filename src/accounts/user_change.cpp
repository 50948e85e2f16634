#include "accounts/user_change.h"

#include <fmt/format.h>

#include <utility>

namespace spectacles::accounts {

Account apply(Account account, const UserChange& change) {
  if (change.email) account.email = *change.email;
  account.role = change.role.value_or(account.role);
  account.disabled = change.disabled.value_or(account.disabled);
  return account;
}

bool is_active_administrator(const Account& account) {
  return account.role == Role::admin && !account.disabled;
}

Result<void> check_administrators_stay(const Account& before, bool stays_administrator,
                                       std::int64_t active_administrators) {
  if (!is_active_administrator(before) || stays_administrator || active_administrators > 1) return {};
  return refuse(RefusalKind::conflict,
                fmt::format("{} is the last active administrator: make another one first", before.username.str()));
}

Result<void> check_heir(const std::optional<Account>& heir, const UserName& name, const Account& leaving) {
  if (!heir) return refuse_unknown_user(name, "transfer_to");
  if (heir->id == leaving.id) {
    return refuse(RefusalKind::invalid, "must be another user than the one who is deleted", "transfer_to");
  }
  if (heir->disabled) {
    return refuse(RefusalKind::invalid, fmt::format("the user {} is disabled", name.str()), "transfer_to");
  }
  return {};
}

tl::unexpected<Refusal> refuse_unknown_user(const UserName& name, std::string field) {
  return refuse(RefusalKind::invalid, fmt::format("there is no user {}", name.str()), std::move(field));
}

tl::unexpected<Refusal> refuse_unknown_group(const Label& name, std::string field) {
  return refuse(RefusalKind::invalid, fmt::format("there is no group {}", name.str()), std::move(field));
}

tl::unexpected<Refusal> refuse_taken_group(const Label& name) {
  return refuse(RefusalKind::conflict, fmt::format("there is a group {} already", name.str()), "name");
}

}  // namespace spectacles::accounts
