#pragma once

#include "accounts/guard.h"
#include "hooks/store_sql.h"
#include "http/router.h"

namespace spectacles::hooks {

// /namespaces/{id}/webhooks and /webhooks. All arguments must outlive the router.
void mount_routes(http::Router& router, WebhookStore& store, const accounts::Guard& guard);

}  // namespace spectacles::hooks
