#include "catalog/routes.h"

#include <boost/json.hpp>

#include "catalog/claim_sql.h"
#include "catalog/render.h"

namespace spectacles::catalog {

boost::json::value render_sync_state(const SyncState& state) {
  return boost::json::object{
      {"outcome", render_sync_outcome(state.outcome)},
      {"started_at", time_or_null(state.started_at)},
      {"finished_at", time_or_null(state.finished_at)},
      {"complete_at", time_or_null(state.complete_at)},
      {"detail", state.detail ? boost::json::value(*state.detail) : boost::json::value(nullptr)}};
}

void add_totals(boost::json::object& rendered, const RegistryTotals& totals) {
  rendered["repositories"] = totals.repositories;
  rendered["tags"] = totals.tags;
  rendered["size"] = totals.size;
}

Result<Repository> find_repository(CatalogStore& store, const http::Request& request, const Visible& visible) {
  const auto id = parse_id<RepositoryId>(request.path_parameters.at("id"));
  auto repository = id ? store.find_repository(visible, *id) : std::nullopt;
  if (!repository) return refuse(RefusalKind::not_found, "there is no such repository");
  return std::move(*repository);
}

void mount_routes(http::Router& router, const RouteServices& services) {
  mount_repository_routes(router, services);
  mount_tag_routes(router, services);
  mount_search_routes(router, services);
}

}  // namespace spectacles::catalog
