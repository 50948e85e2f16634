#pragma once

#include <functional>

#include "catalog/inbox_sql.h"
#include "http/router.h"
#include "registries/notification_secrets_sql.h"

namespace spectacles::catalog {

// /registries/{id}/notifications, where a registry tells what happens in it. `kept` is called when something was kept.
// References must outlive the router.
void mount_notification_routes(http::Router& router, Inbox& inbox, registries::NotificationSecrets& secrets,
                               std::function<void()> kept);

}  // namespace spectacles::catalog
