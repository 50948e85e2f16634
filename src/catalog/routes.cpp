#include "catalog/routes.h"

#include <boost/json.hpp>

#include "access/subject.h"
#include "http/page.h"

namespace spectacles::catalog {
namespace {

using access::Namespace;
using access::NamespaceMap;
using accounts::Principal;

// Administrators and auditors see all, others what they may pull.
bool may_see(const Principal& who, const Namespace* covering, const Repository& repository) {
  if (who.reads_everything()) return true;
  const ActionSet pull{Action::pull};
  // Who may push may read back what he pushes, so it is no secret to him either.
  const ActionSet both{Action::pull, Action::push};
  const auto decision = access::decide(access::subject_of(who), covering, repository.name, both);
  return !(decision.granted & pull).empty();
}

boost::json::object render(const Repository& repository, const Namespace* covering) {
  boost::json::object rendered{{"id", repository.id.value()},
                               {"registry",
                                {{"id", repository.registry.value()},
                                 {"name", repository.registry_name.str()},
                                 {"public", repository.registry_host.str()}}},
                               {"name", repository.name.str()},
                               {"tags", repository.tags},
                               {"first_seen_at", render_rfc3339(repository.first_seen_at)},
                               {"changed_at", render_rfc3339(repository.changed_at)}};
  rendered["namespace"] = nullptr;
  if (covering != nullptr) {
    rendered["namespace"] = boost::json::object{{"id", covering->id.value()}, {"name", covering->name.str()}};
  }
  return rendered;
}

boost::json::object render(const Tag& tag) {
  return {{"name", tag.name.str()},
          {"digest", tag.digest.str()},
          {"media_type", tag.media_type},
          {"first_seen_at", render_rfc3339(tag.first_seen_at)},
          {"changed_at", render_rfc3339(tag.changed_at)}};
}

struct Filter {
  std::string search;
  std::optional<std::string> registry;
  std::optional<NamespaceId> ns;
  bool unassigned = false;
};

Result<Filter> read_filter(const http::Parameters& query) {
  Filter filter{.search = query.first("q").value_or(""), .registry = query.first("registry"), .ns = {}};
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

bool passes(const Filter& filter, const Namespace* covering) {
  if (filter.unassigned && covering != nullptr) return false;
  return !filter.ns || (covering != nullptr && covering->id == *filter.ns);
}

// The key of a row: what the list is sorted by, then registry and name.
std::vector<std::string> key_of(const Repository& repository, const Order& order) {
  const auto registry = repository.registry_name.str();
  const auto name = repository.name.str();
  if (order.by == "name") return {name, registry, name};
  if (order.by == "tags") return {sortable(repository.tags), registry, name};
  if (order.by == "changed_at") return {sortable(to_millis(repository.changed_at)), registry, name};
  return {registry, registry, name};
}

Result<http::Response> list(CatalogStore& store, access::AccessStore& access, const http::Request& request,
                            const Principal& who) {
  const auto query = request.query();
  if (!query) return pass_on(query);
  const auto page =
      http::parse_page(*query, 3, {.allowed = {"registry", "name", "tags", "changed_at"}, .standard = "registry"});
  if (!page) return pass_on(page);
  const auto filter = read_filter(*query);
  if (!filter) return pass_on(filter);

  const auto namespaces = access.load_all();
  auto repositories = store.list_repositories(filter->search, filter->registry);
  std::erase_if(repositories, [&](const Repository& one) {
    const auto* covering = namespaces.find_covering(one.registry, one.name);
    return !may_see(who, covering, one) || !passes(*filter, covering);
  });
  const auto total = static_cast<std::int64_t>(repositories.size());
  const auto next =
      http::sort_to_page(repositories, *page, [&](const Repository& one) { return key_of(one, page->order); });
  boost::json::array rendered;
  for (const auto& one : repositories)
    rendered.push_back(render(one, namespaces.find_covering(one.registry, one.name)));
  return http::page(request, rendered, total, next);
}

struct Found {
  Repository repository;
  NamespaceMap namespaces;
};

Result<Found> find(CatalogStore& store, access::AccessStore& access, const http::Request& request,
                   const Principal& who) {
  const auto id = parse_id<RepositoryId>(request.path_parameters.at("id"));
  auto repository = id ? store.find_repository(*id) : std::nullopt;
  if (repository) {
    auto namespaces = access.load_all();
    if (may_see(who, namespaces.find_covering(repository->registry, repository->name), *repository)) {
      return Found{std::move(*repository), std::move(namespaces)};
    }
  }
  return refuse(RefusalKind::not_found, "there is no such repository");
}

Result<http::Response> get(CatalogStore& store, access::AccessStore& access, const http::Request& request,
                           const Principal& who) {
  const auto found = find(store, access, request, who);
  if (!found) return pass_on(found);
  const auto& repository = found->repository;
  return http::json(render(repository, found->namespaces.find_covering(repository.registry, repository.name)));
}

Result<http::Response> list_tags(CatalogStore& store, access::AccessStore& access, const http::Request& request,
                                 const Principal& who) {
  const auto found = find(store, access, request, who);
  if (!found) return pass_on(found);
  const auto query = request.query();
  if (!query) return pass_on(query);
  const bool by_time = query->first("sort").value_or("").ends_with("changed_at");
  const auto page = http::parse_page(
      *query, by_time ? 2 : 1, {.allowed = {"name", "changed_at"}, .standard = "name", .numeric = {"changed_at"}});
  if (!page) return pass_on(page);
  auto tags = store.list_tags(found->repository.id, query->first("q").value_or(""), *page);
  const auto next = http::cut_to_page(tags.rows, *page, [&](const Tag& tag) {
    const auto name = tag.name.str();
    return by_time ? std::vector{std::to_string(to_millis(tag.changed_at)), name} : std::vector{name};
  });
  boost::json::array rendered;
  for (const auto& tag : tags.rows) rendered.push_back(render(tag));
  return http::page(request, rendered, tags.total, next);
}

}  // namespace

VisibleCounts count_visible(CatalogStore& store, access::AccessStore& access, const Principal& who) {
  const auto namespaces = access.load_all();
  VisibleCounts counts;
  for (const auto& one : store.list_repositories("", std::nullopt)) {
    if (!may_see(who, namespaces.find_covering(one.registry, one.name), one)) continue;
    ++counts.repositories;
    counts.tags += one.tags;
  }
  return counts;
}

void mount_routes(http::Router& router, CatalogStore& store, access::AccessStore& access,
                  const accounts::Guard& guard) {
  using http::Method;
  const auto signed_in = [&](auto handler) {
    return guard.signed_in([&store, &access, handler](const http::Request& request, const Principal& who) {
      return handler(store, access, request, who);
    });
  };
  router.add(Method::get, "/api/v1/repositories", signed_in(list));
  router.add(Method::get, "/api/v1/repositories/{id}", signed_in(get));
  router.add(Method::get, "/api/v1/repositories/{id}/tags", signed_in(list_tags));
}

}  // namespace spectacles::catalog
