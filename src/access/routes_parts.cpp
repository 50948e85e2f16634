#include <boost/json.hpp>

#include "access/routes.h"
#include "http/page.h"

namespace spectacles::access {
namespace {

using accounts::Principal;

boost::json::object render_outline(const Part& part) {
  boost::json::array claims;
  for (const auto& claim : part.claims) {
    claims.push_back(boost::json::object{{"repository", claim.pattern.str()}, {"access", render_level(claim.level)}});
  }
  return {{"id", part.ns.id.value()},
          {"registry", {{"id", part.ns.registry.value()}, {"name", part.registry_name.str()}}},
          {"name", part.ns.name.str()},
          {"claims", std::move(claims)}};
}

// A page of `parts`, each rendered by `render`.
template <class Render>
Result<http::Response> answer_page(const http::Request& request, std::vector<Part> parts, Render render) {
  const auto query = request.query();
  if (!query) return pass_on(query);
  const auto page = http::parse_page(*query, 2);
  if (!page) return pass_on(page);
  const auto total = static_cast<std::int64_t>(parts.size());
  const auto next = http::sort_to_page(parts, *page, [](const Part& part) {
    return std::vector{part.registry_name.str(), part.ns.name.str()};
  });
  boost::json::array rendered;
  for (const auto& part : parts) rendered.push_back(render(part));
  return http::page(request, rendered, total, next);
}

Result<http::Response> list_of_user(NamespaceStore& store, accounts::UserStore& users, const http::Request& request,
                                    const Principal& who) {
  const auto id = parse_id<AccountId>(request.path_parameters.at("id"));
  const bool may_see = id && (who.reads_everything() || who.account->id == *id);
  if (!may_see || !users.find(*id)) return refuse(RefusalKind::not_found, "there is no such user");
  return answer_page(request, store.parts_of(*id), [&](const Part& part) {
    auto rendered = render_outline(part);
    rendered["owner"] = part.ns.owner == *id;
    rendered["member"] = part.ns.members.contains(*id);
    return rendered;
  });
}

Result<http::Response> list_of_group(NamespaceStore& store, accounts::GroupStore& groups, const http::Request& request,
                                     const Principal& who) {
  const auto id = parse_id<GroupId>(request.path_parameters.at("id"));
  if (!id || !who.reads_everything() || !groups.find(*id)) {
    return refuse(RefusalKind::not_found, "there is no such group");
  }
  return answer_page(request, store.parts_of(*id), [&](const Part& part) {
    auto rendered = render_outline(part);
    rendered["assigned"] = part.ns.groups.contains(*id);
    rendered["group_access"] = render_level(part.ns.group_access);
    return rendered;
  });
}

}  // namespace

void mount_part_routes(http::Router& router, NamespaceStore& store, accounts::UserStore& users,
                       accounts::GroupStore& groups, const accounts::Guard& guard) {
  router.add(http::Method::get, "/api/v1/users/{id}/namespaces",
             guard.signed_in([&store, &users](const http::Request& request, const Principal& who) {
               return list_of_user(store, users, request, who);
             }));
  router.add(http::Method::get, "/api/v1/groups/{id}/namespaces",
             guard.signed_in([&store, &groups](const http::Request& request, const Principal& who) {
               return list_of_group(store, groups, request, who);
             }));
}

}  // namespace spectacles::access
