#include <fmt/format.h>

#include <boost/json.hpp>

#include "access/routes.h"
#include "access/routes_change.h"
#include "base/ascii.h"
#include "http/json.h"
#include "http/page.h"

namespace spectacles::access {
namespace {

using accounts::actor_of;
using accounts::Principal;

template <class Names>
boost::json::array render_names(const Names& names) {
  boost::json::array rendered;
  for (const auto& name : names) rendered.emplace_back(name.str());
  return rendered;
}

boost::json::object render_claim(const Claim& claim) {
  const bool of_user = std::holds_alternative<AccountId>(claim.holder);
  return {{of_user ? "user" : "group", claim.holder_name},
          {"repository", claim.pattern.str()},
          {"access", render_level(claim.level)}};
}

// What everybody sees who sees the namespace at all.
boost::json::object render_outline(const VisibleNamespace& visible) {
  const auto& ns = visible.ns;
  return {{"id", ns.id.value()},
          {"registry", {{"id", ns.registry.value()}, {"name", visible.registry_name.str()}}},
          {"name", ns.name.str()},
          {"owner", ns.owner_name.str()},
          {"description", ns.description},
          {"created_at", render_rfc3339(ns.created_at)},
          {"manageable", visible.manageable}};
}

boost::json::object render_namespace(const VisibleNamespace& visible, bool with_rights) {
  auto rendered = render_outline(visible);
  if (visible.contents) {
    rendered["repositories"] = visible.contents->repositories;
    rendered["size"] = visible.contents->size;
  }
  if (!with_rights) return rendered;
  const auto& ns = visible.ns;
  rendered["member_access"] = render_level(ns.member_access);
  rendered["group_access"] = render_level(ns.group_access);
  rendered["other_access"] = render_level(ns.other_access);
  rendered["anonymous_access"] = render_level(ns.anonymous_access);
  rendered["members"] = render_names(visible.members);
  rendered["groups"] = render_names(visible.groups);
  boost::json::array claims;
  for (const auto& claim : ns.claims) claims.push_back(render_claim(claim));
  rendered["claims"] = std::move(claims);
  return rendered;
}

boost::json::object render_whole(const VisibleNamespace& visible, const Principal& who) {
  return render_namespace(visible, visible.manageable || who.reads_everything());
}

boost::json::value name_or_null(const std::optional<NamespaceName>& name) {
  return name ? boost::json::value(name->str()) : boost::json::value(nullptr);
}

constexpr std::size_t most_moves = 500;

http::Response answer_moves(const std::vector<Move>& moves) {
  boost::json::array rendered;
  for (const auto& move : moves) {
    if (rendered.size() == most_moves) break;
    boost::json::object one{{"repository", move.repository.str()}};
    one["from"] = name_or_null(move.from);
    one["to"] = name_or_null(move.to);
    rendered.push_back(std::move(one));
  }
  return http::json(rendered).with("X-Total-Count", std::to_string(moves.size()));
}

// The key of a row: what the list is sorted by, then registry and name. "created_at" goes into it as a text that
// compares as the time does.
std::vector<std::string> key_of(const VisibleNamespace& one, const Order& order) {
  const auto registry = one.registry_name.str();
  const auto name = one.ns.name.str();
  if (order.by == "name") return {name, registry, name};
  if (order.by == "owner") return {one.ns.owner_name.str(), registry, name};
  if (order.by == "created_at") return {sortable(to_millis(one.ns.created_at)), registry, name};
  return {registry, registry, name};
}

Result<http::Response> list(NamespaceStore& store, const http::Request& request, const Principal& who) {
  const auto query = request.query();
  if (!query) return pass_on(query);
  const auto page =
      http::parse_page(*query, 3, {.allowed = {"registry", "name", "owner", "created_at"}, .standard = "registry"});
  if (!page) return pass_on(page);
  const auto search = to_lower(query->first("q").value_or(""));
  const auto registry = query->first("registry").value_or("");
  const auto owner = query->first("owner").value_or("");

  auto visible = store.list_visible(who);
  std::erase_if(visible, [&](const VisibleNamespace& one) {
    return one.ns.name.str().find(search) == std::string::npos ||
           (!registry.empty() && one.registry_name.str() != registry) ||
           (!owner.empty() && one.ns.owner_name.str() != owner);
  });
  const auto total = static_cast<std::int64_t>(visible.size());
  const auto next =
      http::sort_to_page(visible, *page, [&](const VisibleNamespace& one) { return key_of(one, page->order); });
  boost::json::array rendered;
  for (const auto& one : visible) rendered.push_back(render_outline(one));
  return http::page(request, rendered, total, next);
}

Result<http::Response> create(NamespaceStore& store, const http::Request& request, const Principal& who) {
  http::Fields fields(request);
  const auto registry = fields.text("registry");
  const auto name = fields.parsed("name", NamespaceName::parse);
  const auto wanted = read_namespace_change(fields);
  if (!wanted) return pass_on(wanted);
  const auto created = store.create(registry, *name, *wanted, who, actor_of(who, request));
  if (!created) return pass_on(created);
  return answer_created(*created, request, who);
}

tl::unexpected<Refusal> refuse_unknown() {
  return refuse(RefusalKind::not_found, "there is no such namespace");
}

std::optional<NamespaceId> id_of(const http::Request& request) {
  return parse_id<NamespaceId>(request.path_parameters.at("id"));
}

http::Response answer(const VisibleNamespace& visible, const Principal& who) {
  return accounts::with_revision(http::json(render_whole(visible, who)), visible.revision.value());
}

Result<http::Response> get(NamespaceStore& store, const http::Request& request, const Principal& who) {
  const auto id = id_of(request);
  const auto visible = id ? store.find_visible(*id, who) : std::nullopt;
  if (!visible) return refuse_unknown();
  return answer(*visible, who);
}

// Before anything else of a change is read: what is wrong with it is told to nobody who may not make it.
Result<NamespaceId> find_manageable(NamespaceStore& store, const http::Request& request, const Principal& who) {
  const auto id = id_of(request);
  const auto visible = id ? store.find_visible(*id, who) : std::nullopt;
  if (!visible) return refuse_unknown();
  if (!visible->manageable) {
    return refuse(RefusalKind::forbidden, "only the owner of the namespace and administrators may do this");
  }
  return *id;
}

Result<http::Response> change(NamespaceStore& store, const http::Request& request, const Principal& who) {
  const auto id = find_manageable(store, request, who);
  if (!id) return pass_on(id);
  const auto expected = accounts::expected_revision(request);
  if (!expected) return pass_on(expected);
  http::Fields fields(request);
  const auto wanted = read_namespace_change(fields);
  if (!wanted) return pass_on(wanted);
  const auto changed = store.change(*id, *wanted, *expected, who, actor_of(who, request));
  if (!changed) return pass_on(changed);
  // Who has given a namespace away may not see it any more; what he did is answered all the same.
  return answer(*changed, who);
}

Result<http::Response> remove(NamespaceStore& store, const http::Request& request, const Principal& who) {
  const auto id = find_manageable(store, request, who);
  if (!id) return pass_on(id);
  const auto expected = accounts::expected_revision(request);
  if (!expected) return pass_on(expected);
  const auto removed = store.remove(*id, *expected, who, actor_of(who, request));
  if (!removed) return pass_on(removed);
  return http::no_content();
}

Result<http::Response> preview_creation(NamespaceStore& store, const http::Request& request, const Principal& who) {
  const auto query = request.query();
  if (!query) return pass_on(query);
  const auto registry = query->first("registry");
  if (!registry) return refuse(RefusalKind::invalid, "registry is missing: the name of a registry", "registry");
  const auto name = NamespaceName::parse(query->first("name").value_or(""));
  if (!name) return refuse(RefusalKind::invalid, name.error().text, "name");
  const auto moves = store.preview_creation(*registry, *name, who);
  if (!moves) return pass_on(moves);
  return answer_moves(*moves);
}

Result<http::Response> preview_removal(NamespaceStore& store, const http::Request& request, const Principal& who) {
  const auto id = id_of(request);
  if (!id) return refuse_unknown();
  const auto moves = store.preview_removal(*id, who);
  if (!moves) return pass_on(moves);
  return answer_moves(*moves);
}

}  // namespace

http::Response answer_created(const CreatedNamespace& created, const http::Request& request, const Principal& who) {
  auto rendered = render_whole(created.created, who);
  boost::json::array moved;
  for (std::size_t i = 0; i < std::min(created.moved.size(), most_moves); ++i) {
    moved.emplace_back(created.moved[i].repository.str());
  }
  rendered["moved"] = std::move(moved);
  return accounts::with_revision(http::json(rendered, 201), created.created.revision.value())
      .with("Location", request.address_of(fmt::format("/api/v1/namespaces/{}", created.created.ns.id.value())));
}

void mount_namespace_routes(http::Router& router, NamespaceStore& store, const accounts::Guard& guard) {
  using http::Method;
  const auto signed_in = [&](auto handler) {
    return guard.signed_in(
        [&store, handler](const http::Request& request, const Principal& who) { return handler(store, request, who); });
  };
  router.add(Method::get, "/api/v1/namespaces", signed_in(list));
  router.add(Method::post, "/api/v1/namespaces", signed_in(create));
  router.add(Method::get, "/api/v1/namespaces/moves", signed_in(preview_creation));
  router.add(Method::get, "/api/v1/namespaces/{id}", signed_in(get));
  router.add(Method::patch, "/api/v1/namespaces/{id}", signed_in(change));
  router.add(Method::del, "/api/v1/namespaces/{id}", signed_in(remove));
  router.add(Method::get, "/api/v1/namespaces/{id}/moves", signed_in(preview_removal));
}

}  // namespace spectacles::access
