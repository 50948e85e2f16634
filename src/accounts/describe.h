// Accounts and groups as they are recorded: the state whose changes activity shows, without secrets.
#pragma once

#include <boost/json/object.hpp>

#include "accounts/account.h"

namespace spectacles::accounts {

boost::json::object describe(const Account& account);
boost::json::object describe(const Group& group);

}  // namespace spectacles::accounts
