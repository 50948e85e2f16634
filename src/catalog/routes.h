#pragma once

#include <boost/json/fwd.hpp>
#include <functional>

#include "access/store_sql.h"
#include "accounts/guard.h"
#include "catalog/browse_sql.h"
#include "catalog/store_sql.h"
#include "http/router.h"

namespace spectacles::catalog {

// How many repositories and tags somebody may see.
struct VisibleCounts {
  std::int64_t repositories = 0;
  std::int64_t tags = 0;
};

VisibleCounts count_visible(CatalogStore& store, access::AccessStore& access, const accounts::Principal& who);

// SyncState of api/openapi.yaml.
boost::json::value render_sync_state(const SyncState& state);

// /api/v1/repositories. All arguments must outlive the router.
void mount_routes(http::Router& router, CatalogStore& store, access::AccessStore& access, const accounts::Guard& guard);

// /api/v1/registries/{id}/sync: asks for a pass, and calls `wake` for the background to look at once, if there is one
// in this program. All arguments must outlive the router.
void mount_sync_routes(http::Router& router, SyncStore& store, const accounts::Guard& guard,
                       std::function<void()> wake);

}  // namespace spectacles::catalog
