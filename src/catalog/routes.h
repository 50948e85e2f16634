#pragma once

#include <boost/json/fwd.hpp>
#include <functional>

#include "access/namespaces_sql.h"
#include "access/store_sql.h"
#include "accounts/guard.h"
#include "catalog/browse_sql.h"
#include "catalog/store_sql.h"
#include "http/router.h"

namespace spectacles::catalog {

// SyncState of api/openapi.yaml.
boost::json::value render_sync_state(const SyncState& state);

// `repositories`, `tags` and `size` of a registry.
void add_totals(boost::json::object& rendered, const RegistryTotals& totals);

// What the routes need. All must outlive the router.
struct RouteServices {
  CatalogStore& store;
  access::AccessStore& access;
  access::NamespaceStore& namespaces;
  const accounts::Guard& guard;

  // For reading: who is signed in, and nobody in particular while anonymous browsing is allowed. The handler is given
  // the store, the request and what the caller may see.
  template <class Handle>
  http::Guarded browsing(Handle handle) const {
    return guard.signed_in_unless(
        [&access = access] { return access.allows_anonymous_browsing(); },
        [&store = store, handle](const http::Request& request, const accounts::Principal& who) {
          return handle(store, request, store.visible_to(who));
        });
  }
};

// The repository that {id} of the path names. Refuses (not_found) one that does not exist or is not shown.
Result<Repository> find_repository(CatalogStore& store, const http::Request& request, const Visible& visible);

void mount_repository_routes(http::Router& router, const RouteServices& services);  // /repositories, .../adopt
void mount_tag_routes(http::Router& router, const RouteServices& services);         // .../tags, .../manifests
void mount_search_routes(http::Router& router, const RouteServices& services);      // /search
void mount_routes(http::Router& router, const RouteServices& services);             // all of them

// /api/v1/registries/{id}/sync: asks for a pass, and calls `wake` for the background to look at once, if there is one
// in this program. All arguments must outlive the router.
void mount_sync_routes(http::Router& router, SyncStore& store, const accounts::Guard& guard,
                       std::function<void()> wake);

}  // namespace spectacles::catalog
