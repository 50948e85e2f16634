#pragma once

#include <boost/json/fwd.hpp>

#include "access/store_sql.h"
#include "accounts/guard.h"
#include "catalog/browse_sql.h"
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

}  // namespace spectacles::catalog
