#include <fmt/format.h>

#include <boost/json.hpp>

#include "access/routes.h"
#include "catalog/render.h"
#include "catalog/routes.h"
#include "http/json.h"
#include "http/page.h"

namespace spectacles::catalog {
namespace {

using accounts::Principal;

Result<RepositoryFilter> read_filter(const http::Parameters& query) {
  RepositoryFilter filter{.registry = query.first("registry")};
  if (const auto text = query.first("q"); text && !text->empty()) filter.search.push_back(*text);
  if (filter.registry && filter.registry->empty()) filter.registry.reset();
  if (const auto text = query.first("namespace"); text && !text->empty()) {
    filter.ns = parse_id<NamespaceId>(*text);
    if (!filter.ns) return refuse(RefusalKind::invalid, "namespace is the id of a namespace", "namespace");
  }
  if (const auto text = query.first("unassigned"); text && !text->empty()) {
    if (*text != "true" && *text != "false")
      return refuse(RefusalKind::invalid, "unassigned is true or false", "unassigned");
    filter.unassigned = *text == "true";
  }
  return filter;
}

Result<http::Response> list(CatalogStore& store, const http::Request& request, const Visible& visible) {
  const auto query = request.query();
  if (!query) return pass_on(query);
  const http::Sorting sorting{.allowed = {"registry", "name", "size", "pushed", "pulled", "tags", "changed_at"},
                              .standard = "registry",
                              .numeric = {"size", "pushed", "pulled", "tags", "changed_at"},
                              .ends_with_number = true};
  const auto sort = query->first("sort").value_or("");
  const bool by_registry = sort.empty() || sort.ends_with("registry");
  const auto page = http::parse_page(*query, by_registry ? 3 : 2, sorting);
  if (!page) return pass_on(page);
  const auto filter = read_filter(*query);
  if (!filter) return pass_on(filter);
  auto found = store.list_repositories(visible, *filter, *page);
  const auto next =
      http::cut_to_page(found.rows, *page, [&](const Repository& one) { return key_of(one, page->order); });
  boost::json::array rendered;
  rendered.reserve(found.rows.size());
  for (const auto& one : found.rows) rendered.push_back(render(one, visible));
  return http::page(request, rendered, found.total, next);
}

Result<http::Response> get(CatalogStore& store, const http::Request& request, const Visible& visible) {
  const auto repository = find_repository(store, request, visible);
  if (!repository) return pass_on(repository);
  return http::json(render(*repository, visible));
}

// All before the last '/', or the namespace of the names without one.
std::string folder_of(const RepositoryPath& path) {
  const auto slash = path.str().rfind('/');
  return slash == std::string::npos ? "/" : path.str().substr(0, slash);
}

// What nobody decides on gets an owner: the namespace that covers it comes into being.
Result<http::Response> adopt(const RouteServices& services, const http::Request& request, const Principal& who) {
  const auto repository = find_repository(services.store, request, services.store.visible_to(who));
  if (!repository) return pass_on(repository);
  http::Fields fields(request);
  const auto owner = fields.parsed("owner", UserName::parse);
  auto name = fields.optional_parsed("namespace", NamespaceName::parse);
  if (const auto finished = fields.finish(); !finished) return pass_on(finished);
  if (!name) {
    auto folder = NamespaceName::parse(folder_of(repository->name));
    if (!folder) return refuse(RefusalKind::invalid, folder.error().text, "namespace");
    name = std::move(*folder);
  }
  if (!name->covers(repository->name)) {
    return refuse(RefusalKind::invalid, fmt::format("{} does not cover {}", name->str(), repository->name.str()),
                  "namespace");
  }
  const auto namespaces = services.access.namespaces();
  if (const auto* covering = namespaces->find_covering(repository->registry, repository->name)) {
    return refuse(RefusalKind::conflict, fmt::format("the namespace {} covers it already", covering->name.str()));
  }
  const auto created = services.namespaces.create(repository->registry_name.str(), *name, {.owner = owner}, who,
                                                  accounts::actor_of(who, request));
  if (!created) return pass_on(created);
  return access::answer_created(*created, request, who);
}

}  // namespace

void mount_repository_routes(http::Router& router, const RouteServices& services) {
  using http::Method;
  router.add(Method::get, "/api/v1/repositories", services.browsing(list));
  router.add(Method::get, "/api/v1/repositories/{id}", services.browsing(get));
  router.add(Method::post, "/api/v1/repositories/{id}/adopt",
             services.guard.administrator([services](const http::Request& request, const Principal& who) {
               return adopt(services, request, who);
             }));
}

}  // namespace spectacles::catalog
