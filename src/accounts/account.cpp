#include "accounts/account.h"

#include <algorithm>

#include "base/unicode.h"

namespace spectacles::accounts {

std::string_view render_role(Role role) {
  switch (role) {
    case Role::user:
      return "user";
    case Role::auditor:
      return "auditor";
    case Role::admin:
      return "admin";
  }
  return "";
}

Result<Role> parse_role(std::string_view text) {
  for (const Role role : {Role::user, Role::auditor, Role::admin}) {
    if (render_role(role) == text) return role;
  }
  return refuse(RefusalKind::invalid, "a role is user, auditor or admin");
}

Result<std::string> parse_email(std::string_view text) {
  constexpr std::size_t max_length = 254;
  const auto at = text.find('@');
  const bool has_both_sides = at != std::string_view::npos && at > 0 && at + 1 < text.size();
  if (!has_both_sides || at != text.rfind('@') || text.size() > max_length || has_unprintable(text) ||
      text.find(' ') != std::string_view::npos) {
    return refuse(RefusalKind::invalid, "an e-mail address has the form name@host and at most 254 bytes");
  }
  return std::string(text);
}

}  // namespace spectacles::accounts
