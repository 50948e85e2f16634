#include <boost/json.hpp>

#include "catalog/render.h"
#include "catalog/routes.h"
#include "http/page.h"

namespace spectacles::catalog {
namespace {

// Whether it is a place that this list gave out.
bool is_place(const std::vector<std::string>& key) {
  const bool is_kind = key.at(0) == "r" || key.at(0) == "t";
  return is_kind && parse_id<RepositoryId>(key.at(2));
}

Result<http::Response> search(CatalogStore& store, const http::Request& request, const Visible& visible) {
  const auto query = request.query();
  if (!query) return pass_on(query);
  const auto page = http::parse_page(*query, hit_key_parts);
  if (!page) return pass_on(page);
  if (!page->after.empty() && !is_place(page->after)) {
    return refuse(RefusalKind::invalid, "cursor is not one that this list gave out", "cursor");
  }
  const auto words = parse_search(query->first("q").value_or(""));
  if (!words) return pass_on(words);
  auto hits = store.search(visible, *words, *page);
  const auto next = http::cut_to_page(hits, *page, [](const Hit& hit) { return key_of(hit); });
  boost::json::array rendered;
  rendered.reserve(hits.size());
  for (const auto& hit : hits) rendered.push_back(render(hit, visible));
  return http::page(request, rendered, std::nullopt, next);
}

}  // namespace

void mount_search_routes(http::Router& router, const RouteServices& services) {
  router.add(http::Method::get, "/api/v1/search", services.browsing(search));
}

}  // namespace spectacles::catalog
