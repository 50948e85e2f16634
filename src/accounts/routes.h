#pragma once

#include "accounts/guard.h"
#include "accounts/store_sql.h"
#include "http/router.h"

namespace spectacles::accounts {

// /api/v1/registration, /session, /users, /groups. All arguments must outlive the router.
void mount_routes(http::Router& router, AccountStore& store, const Guard& guard);

}  // namespace spectacles::accounts
