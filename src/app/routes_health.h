// What supervisors ask: container engines, Kubernetes, load balancers. Needs no account, tells nothing but whether it
// works, and is answered also when all workers are busy.
#pragma once

#include <array>
#include <string_view>

#include "app/readiness.h"
#include "http/router.h"

namespace spectacles::app {

// They answer without WEB_ROOT, too: who supervises speaks to the process itself.
inline constexpr std::array<std::string_view, 4> health_paths{"/livez", "/readyz", "/startupz", "/healthz"};

// /livez and /startupz: 200 while the process answers; it listens once the schema is up to date. /readyz: 200, or 503
// while the database does not answer. /healthz: the same with each check as JSON. `readiness` must outlive the router.
void mount_health_routes(http::Router& router, const Readiness& readiness);

}  // namespace spectacles::app
