#include "accounts/routes_target.h"

namespace spectacles::accounts {

Result<UserView> find_readable_user(UserStore& users, const http::Request& request, const Principal& who) {
  const auto id = parse_id<AccountId>(request.path_parameters.at("id"));
  const bool may_see = id && (who.reads_everything() || who.account->id == *id);
  auto user = may_see ? users.find(*id) : std::nullopt;
  if (!user) return refuse(RefusalKind::not_found, "there is no such user");
  return *std::move(user);
}

Result<UserView> find_changeable_user(UserStore& users, const http::Request& request, const Principal& who) {
  auto user = find_readable_user(users, request, who);
  if (user && !who.is_administrator() && user->account.id != who.account->id) {
    return refuse(RefusalKind::forbidden, "only the user and administrators may do this");
  }
  return user;
}

}  // namespace spectacles::accounts
