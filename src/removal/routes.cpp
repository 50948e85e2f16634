#include "removal/routes.h"

namespace spectacles::removal {

void mount_routes(http::Router& router, const RouteContext& context, const accounts::Guard& guard) {
  mount_deletion_routes(router, context, guard);
  mount_trash_routes(router, context, guard);
  mount_retention_routes(router, context, guard);
  mount_gc_window_routes(router, context, guard);
}

}  // namespace spectacles::removal
