// Accounts as the API shows them.
#pragma once

#include <boost/json/object.hpp>

#include "accounts/account.h"

namespace spectacles::accounts {

boost::json::object render_user(const Account& account);

}  // namespace spectacles::accounts
