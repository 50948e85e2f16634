#pragma once

#include <functional>

#include "access/namespaces_sql.h"
#include "access/store_sql.h"
#include "accounts/guard.h"
#include "catalog/browse_sql.h"
#include "http/router.h"
#include "registries/store_sql.h"
#include "removal/gc_windows_sql.h"
#include "removal/remover.h"
#include "removal/restorer.h"
#include "removal/retention_sql.h"

namespace spectacles::removal {

// What the routes of this room work with; all must outlive the router.
struct RouteContext {
  catalog::CatalogStore& catalog;
  access::AccessStore& access;
  access::NamespaceStore& namespaces;
  registries::RegistryStore& registries;
  TrashStore& trash;
  RetentionStore& retention;
  GcWindows& windows;
  Remover& remover;
  Restorer& restorer;
  std::function<std::chrono::days()> trash_kept;  // how long entries of the trash are kept
  const Clock& clock;
};

void mount_routes(http::Router& router, const RouteContext& context, const accounts::Guard& guard);

void mount_deletion_routes(http::Router& router, const RouteContext& context, const accounts::Guard& guard);
void mount_trash_routes(http::Router& router, const RouteContext& context, const accounts::Guard& guard);
void mount_retention_routes(http::Router& router, const RouteContext& context, const accounts::Guard& guard);
void mount_gc_window_routes(http::Router& router, const RouteContext& context, const accounts::Guard& guard);

}  // namespace spectacles::removal
