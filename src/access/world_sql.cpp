#include "access/world_sql.h"

#include <algorithm>

#include "access/pauses_sql.h"
#include "access/rows_sql.h"
#include "accounts/rows_sql.h"

namespace spectacles::access {

World load_world(db::Session& session) {
  return load_world(session, rows::all_namespaces(session));
}

World load_world(db::Session& session, std::vector<Namespace> namespaces) {
  World world{.registries = rows::all_registries(session),
              .accounts = accounts::rows::all_accounts(session),
              .removed = {},
              .groups = accounts::rows::all_groups(session),
              .namespaces = std::move(namespaces),
              .pauses = all_pauses(session, SystemClock().now())};
  std::sort(world.accounts.begin(), world.accounts.end(),
            [](const auto& left, const auto& right) { return left.username < right.username; });
  return world;
}

}  // namespace spectacles::access
