#pragma once

#include "accounts/guard.h"
#include "http/router.h"
#include "registries/notification_secrets_sql.h"
#include "registries/routes.h"
#include "registries/store_sql.h"

namespace spectacles::registries {

// /registries/{id}/settings, which hold the secret of its notifications, and /registries/{id}/notification-secret. All
// arguments must outlive the router.
void mount_notification_secret_routes(http::Router& router, RegistryStore& store, NotificationSecrets& secrets,
                                      const accounts::Guard& guard, const ServerFacts& server);

}  // namespace spectacles::registries
