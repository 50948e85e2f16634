#include <boost/json.hpp>

#include "catalog/render.h"
#include "catalog/routes.h"
#include "http/page.h"

namespace spectacles::catalog {
namespace {

Result<http::Response> list(CatalogStore& store, const http::Request& request, const Visible& visible) {
  const auto repository = find_repository(store, request, visible);
  if (!repository) return pass_on(repository);
  const auto query = request.query();
  if (!query) return pass_on(query);
  const auto page = http::parse_page(*query, 2,
                                     {.allowed = {"name", "size", "pushed", "pulled", "changed_at"},
                                      .standard = "name",
                                      .numeric = {"size", "pushed", "pulled", "changed_at"}});
  if (!page) return pass_on(page);
  auto tags = store.list_tags(*repository, query->first("q").value_or(""), *page);
  const auto next = http::cut_to_page(tags.rows, *page, [&](const Tag& tag) { return key_of(tag, page->order); });
  boost::json::array rendered;
  rendered.reserve(tags.rows.size());
  for (const auto& tag : tags.rows) rendered.push_back(render(tag));
  return http::page(request, rendered, tags.total, next);
}

Result<http::Response> get(CatalogStore& store, const http::Request& request, const Visible& visible) {
  const auto repository = find_repository(store, request, visible);
  if (!repository) return pass_on(repository);
  const auto name = TagName::parse(request.path_parameters.at("tag"));
  const auto found = name ? store.find_tag(visible, *repository, *name) : std::nullopt;
  if (!found) return refuse(RefusalKind::not_found, "there is no such tag");
  auto rendered = render(found->manifest);
  // What is said of the tag itself; its size is there before the manifest was read.
  for (auto& [key, value] : render(found->tag)) {
    if (key != "kind" && key != "platform" && key != "media_type") rendered.insert_or_assign(key, value);
  }
  return http::json(rendered);
}

tl::unexpected<Refusal> refuse_unknown() {
  return refuse(RefusalKind::not_found, "there is no such manifest");
}

Result<http::Response> get_manifest(CatalogStore& store, const http::Request& request, const Visible& visible) {
  const auto repository = find_repository(store, request, visible);
  if (!repository) return pass_on(repository);
  const auto digest = Digest::parse(request.path_parameters.at("digest"));
  const auto found = digest ? store.find_manifest(visible, *repository, *digest) : std::nullopt;
  if (!found) return refuse_unknown();
  return http::json(render(*found));
}

// The very bytes. They are somebody else's: no browser may take them for a page of this server.
Result<http::Response> get_raw(CatalogStore& store, const http::Request& request, const Visible& visible) {
  const auto repository = find_repository(store, request, visible);
  if (!repository) return pass_on(repository);
  const auto digest = Digest::parse(request.path_parameters.at("digest"));
  auto found = digest ? store.find_raw(*repository, *digest) : std::nullopt;
  if (!found) return refuse_unknown();
  http::Response response;
  response.body = std::move(found->bytes);
  response.with("Content-Type", "application/json")
      .with("Content-Disposition", "attachment; filename=\"manifest.json\"")
      .with("Content-Security-Policy", "sandbox; default-src 'none'")
      .with("X-Content-Type-Options", "nosniff")
      .with("Cache-Control", "no-store");
  return response;
}

}  // namespace

void mount_tag_routes(http::Router& router, const RouteServices& services) {
  using http::Method;
  const std::string repository = "/api/v1/repositories/{id}";
  router.add(Method::get, repository + "/tags", services.browsing(list));
  router.add(Method::get, repository + "/tags/{tag}", services.browsing(get));
  router.add(Method::get, repository + "/manifests/{digest}", services.browsing(get_manifest));
  router.add(Method::get, repository + "/manifests/{digest}/raw", services.browsing(get_raw));
}

}  // namespace spectacles::catalog
