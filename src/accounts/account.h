// Who people are.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "names/ids.h"
#include "names/label.h"
#include "names/user_name.h"

namespace spectacles::accounts {

enum class Role { user, auditor, admin };

std::string_view render_role(Role role);  // "user", "auditor", "admin"
Result<Role> parse_role(std::string_view text);

struct Account {
  AccountId id;
  UserName username;
  std::optional<std::string> email;
  Role role = Role::user;
  bool disabled = false;
  Time created_at;

  bool operator==(const Account&) const = default;
};

struct Group {
  GroupId id;
  Label name;
  Time created_at = {};
  std::set<UserName> members;
};

// An e-mail address as far as that can be told from its form: one '@' with something on both sides, no white space or
// control characters, at most 254 bytes. Nobody is identified by it.
Result<std::string> parse_email(std::string_view text);

// Who asks. Nobody in particular is somebody too: the anonymous principal.
struct Principal {
  std::optional<Account> account;
  std::set<GroupId> groups;

  static Principal anonymous() { return {}; }
  bool is_anonymous() const { return !account.has_value(); }
  bool is_administrator() const { return account && account->role == Role::admin; }
  // May read everything in the console: administrators and auditors.
  bool reads_everything() const { return account && account->role != Role::user; }
  std::string name() const { return account ? account->username.str() : std::string(); }
};

}  // namespace spectacles::accounts
