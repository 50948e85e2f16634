#pragma once

#include "access/store_sql.h"
#include "accounts/guard.h"
#include "http/router.h"

namespace spectacles::access {

// /api/v1/namespaces and /api/v1/access. All arguments must outlive the router.
void mount_routes(http::Router& router, AccessStore& store, const accounts::Guard& guard);

}  // namespace spectacles::access
