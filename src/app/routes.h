#pragma once

#include "app/wiring.h"
#include "http/router.h"

namespace spectacles::app {

// Mounts everything there is, each slice in a few lines, and what belongs to no slice: /api/v1/instance, /summary,
// /activity, /decisions, /.well-known/jwks.json. `services` must outlive the router.
void mount_all(http::Router& router, Services& services);

void mount_activity_routes(http::Router& router, Services& services);    // /activity and below it
void mount_decision_routes(http::Router& router, Services& services);    // /decisions and below it
void mount_live_routes(http::Router& router, Services& services);        // /live
void mount_statistics_routes(http::Router& router, Services& services);  // /statistics

}  // namespace spectacles::app
