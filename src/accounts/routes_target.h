// The user whom a path names, for who may ask about him.
#pragma once

#include "accounts/users_sql.h"
#include "http/request.h"

namespace spectacles::accounts {

// Of others, administrators and auditors see all and who asks otherwise sees nothing (not_found).
Result<UserView> find_readable_user(UserStore& users, const http::Request& request, const Principal& who);

// Of others, only administrators change anything (forbidden to auditors, not_found to the rest).
Result<UserView> find_changeable_user(UserStore& users, const http::Request& request, const Principal& who);

}  // namespace spectacles::accounts
