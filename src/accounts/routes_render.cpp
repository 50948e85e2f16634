#include "accounts/routes_render.h"

namespace spectacles::accounts {

boost::json::object render_user(const Account& account) {
  boost::json::object user{{"id", account.id.value()},
                           {"username", account.username.str()},
                           {"role", render_role(account.role)},
                           {"disabled", account.disabled},
                           {"created_at", render_rfc3339(account.created_at)}};
  user["email"] = account.email ? boost::json::value(*account.email) : boost::json::value(nullptr);
  return user;
}

}  // namespace spectacles::accounts
