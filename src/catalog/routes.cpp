#include "catalog/routes.h"

#include <boost/json.hpp>

namespace spectacles::catalog {

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
