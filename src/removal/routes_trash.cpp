#include <boost/json.hpp>

#include "http/json.h"
#include "http/page.h"
#include "removal/permission.h"
#include "removal/routes.h"

namespace spectacles::removal {
namespace {

using accounts::Principal;

bool can_come_back(const TrashEntry& entry) {
  return entry.state == TrashState::kept || entry.state == TrashState::unverified;
}

boost::json::object render(const TrashEntry& entry, const access::Namespace* covering) {
  boost::json::array tags;
  for (const auto& tag : entry.tags) tags.emplace_back(tag.str());
  boost::json::object rendered{{"id", entry.id.value()},
                               {"registry", {{"id", entry.registry.value()}, {"name", entry.registry_name.str()}}},
                               {"repository", entry.repository.str()},
                               {"digest", entry.manifest.digest.str()},
                               {"media_type", entry.manifest.media_type},
                               {"tags", std::move(tags)},
                               {"size", entry.size},
                               {"state", render_trash_state(entry.state)},
                               {"reason", entry.reason},
                               {"deleted_by", entry.deleted_by},
                               {"deleted_at", render_rfc3339(entry.deleted_at)}};
  rendered["namespace"] = nullptr;
  if (covering != nullptr) {
    rendered["namespace"] = boost::json::object{{"id", covering->id.value()}, {"name", covering->name.str()}};
  }
  return rendered;
}

Result<TrashFilter> read_filter(const http::Parameters& query) {
  TrashFilter filter{.registry = query.first("registry")};
  if (filter.registry && filter.registry->empty()) filter.registry.reset();
  if (const auto text = query.first("q"); text && !text->empty()) filter.search = *text;
  if (const auto text = query.first("namespace"); text && !text->empty()) {
    filter.ns = parse_id<NamespaceId>(*text);
    if (!filter.ns) return refuse(RefusalKind::invalid, "namespace is the id of a namespace", "namespace");
  }
  return filter;
}

Result<http::Response> list(const RouteContext& context, const http::Request& request, const Principal& who) {
  const auto query = request.query();
  if (!query) return pass_on(query);
  const auto page = http::parse_page(*query, 2,
                                     {.allowed = {"deleted_at", "repository", "size"},
                                      .standard = "-deleted_at",
                                      .numeric = {"deleted_at", "size"},
                                      .ends_with_number = true});
  if (!page) return pass_on(page);
  const auto filter = read_filter(*query);
  if (!filter) return pass_on(filter);
  const auto namespaces = context.access.namespaces();
  auto found = context.trash.list(who, *namespaces, *filter, *page);
  const auto next =
      http::cut_to_page(found.rows, *page, [&](const TrashEntry& entry) { return key_of(entry, page->order); });
  boost::json::array rendered;
  rendered.reserve(found.rows.size());
  const auto kept = context.trash_kept();
  for (const auto& entry : found.rows) {
    const auto* covering = entry.ns ? namespaces->find(*entry.ns) : nullptr;
    auto one = render(entry, covering);
    one["until"] = render_rfc3339(entry.deleted_at + kept);
    one["restorable"] = can_come_back(entry) && permission_of(who, covering, entry.repository) == Permission::deletes;
    rendered.push_back(std::move(one));
  }
  return http::page(request, rendered, found.total, next);
}

Result<http::Response> restore(const RouteContext& context, const http::Request& request, const Principal& who) {
  const auto id = parse_id<TrashId>(request.path_parameters.at("id"));
  const auto entry = id ? context.trash.find(*id) : std::nullopt;
  const auto namespaces = context.access.namespaces();
  const auto* covering = entry ? namespaces->find_covering(entry->registry, entry->repository) : nullptr;
  const auto permission = entry ? permission_of(who, covering, entry->repository) : Permission::nothing;
  if (permission == Permission::nothing) return refuse(RefusalKind::not_found, "there is no such entry in the trash");
  if (permission == Permission::sees) {
    return refuse(RefusalKind::forbidden, "only who has FULL on the repository may bring back what was in it");
  }
  http::Fields fields(request);
  const auto tags = fields.optional_parsed_list("tags", TagName::parse);
  if (const auto finished = fields.finish(); !finished) return pass_on(finished);
  const auto registry = context.registries.find(entry->registry);
  if (!registry) return refuse(RefusalKind::not_found, "there is no such entry in the trash");
  const Occasion occasion{.registry = *registry,
                          .repository = entry->repository,
                          .ns = covering != nullptr ? std::optional(covering->id) : std::nullopt,
                          .actor = accounts::actor_of(who, request),
                          .reason = "restored by " + who.name()};
  const auto restored = context.restorer.restore(occasion, *entry, tags);
  if (!restored) return pass_on(restored);
  boost::json::array set;
  for (const auto& tag : restored->tags) set.emplace_back(tag.str());
  boost::json::array taken;
  for (const auto& tag : restored->taken) taken.emplace_back(tag.str());
  return http::json(boost::json::object{
      {"digest", entry->manifest.digest.str()}, {"tags", std::move(set)}, {"taken", std::move(taken)}});
}

}  // namespace

void mount_trash_routes(http::Router& router, const RouteContext& context, const accounts::Guard& guard) {
  router.add(http::Method::get, "/api/v1/trash",
             guard.signed_in([context](const http::Request& request, const Principal& who) {
               return list(context, request, who);
             }));
  router.add(http::Method::post, "/api/v1/trash/{id}/restore",
             guard.signed_in([context](const http::Request& request, const Principal& who) {
               return restore(context, request, who);
             }));
}

}  // namespace spectacles::removal
