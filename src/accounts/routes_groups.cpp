#include <fmt/format.h>

#include <boost/json.hpp>

#include "accounts/routes.h"
#include "http/json.h"
#include "http/page.h"

namespace spectacles::accounts {
namespace {

boost::json::object render_group(const Group& group) {
  boost::json::array members;
  for (const auto& member : group.members) members.emplace_back(member.str());
  return {{"id", group.id.value()},
          {"name", group.name.str()},
          {"created_at", render_rfc3339(group.created_at)},
          {"members", std::move(members)}};
}

http::Response answer(const Group& group, int status = 200) {
  return with_revision(http::json(render_group(group), status), revision_of(group));
}

tl::unexpected<Refusal> no_such_group() {
  return refuse(RefusalKind::not_found, "there is no such group");
}

Result<GroupId> id_of(const http::Request& request) {
  const auto id = parse_id<GroupId>(request.path_parameters.at("id"));
  if (!id) return no_such_group();
  return *id;
}

Result<http::Response> list(GroupStore& groups, UserStore& users, const http::Request& request, const Principal& who) {
  if (!users.may_choose(who)) {
    return refuse(RefusalKind::forbidden, "this is for administrators, auditors and owners of namespaces");
  }
  const auto query = request.query();
  if (!query) return pass_on(query);
  const bool by_time = query->first("sort").value_or("").ends_with("created_at");
  const auto page = http::parse_page(
      *query, by_time ? 2 : 1, {.allowed = {"name", "created_at"}, .standard = "name", .numeric = {"created_at"}});
  if (!page) return pass_on(page);
  auto found = groups.list(query->first("q").value_or(""), *page);
  const auto next = http::cut_to_page(found.rows, *page, [&](const Group& group) {
    const auto name = group.name.str();
    return by_time ? std::vector{std::to_string(to_millis(group.created_at)), name} : std::vector{name};
  });
  boost::json::array rendered;
  for (const auto& group : found.rows) {
    if (who.reads_everything()) {
      rendered.push_back(render_group(group));
    } else {
      rendered.push_back(boost::json::object{{"id", group.id.value()}, {"name", group.name.str()}});
    }
  }
  return http::page(request, rendered, found.total, next);
}

Result<http::Response> create(GroupStore& groups, const http::Request& request, const Principal& who) {
  http::Fields fields(request);
  const auto name = fields.parsed("name", Label::parse);
  const auto members = fields.optional_parsed_list("members", UserName::parse);
  if (const auto finished = fields.finish(); !finished) return pass_on(finished);
  const auto group = groups.create(*name, members.value_or(std::vector<UserName>{}), actor_of(who, request));
  if (!group) return pass_on(group);
  return answer(*group, 201).with("Location", request.address_of(fmt::format("/api/v1/groups/{}", group->id.value())));
}

Result<http::Response> get(GroupStore& groups, const http::Request& request, const Principal& who) {
  const auto id = id_of(request);
  const auto group = id && who.reads_everything() ? groups.find(*id) : std::nullopt;
  if (!group) return no_such_group();
  return answer(*group);
}

Result<http::Response> change(GroupStore& groups, const http::Request& request, const Principal& who) {
  const auto id = id_of(request);
  if (!id || !groups.find(*id)) return no_such_group();
  const auto expected = expected_revision(request);
  if (!expected) return pass_on(expected);
  http::Fields fields(request);
  const GroupChange change{.name = fields.optional_parsed("name", Label::parse),
                           .members = fields.optional_parsed_list("members", UserName::parse)};
  if (const auto finished = fields.finish(); !finished) return pass_on(finished);
  const auto changed = groups.change(*id, change, *expected, actor_of(who, request));
  if (!changed) return pass_on(changed);
  return answer(*changed);
}

Result<http::Response> remove(GroupStore& groups, const http::Request& request, const Principal& who) {
  const auto id = id_of(request);
  if (!id) return pass_on(id);
  const auto expected = expected_revision(request);
  if (!expected) return pass_on(expected);
  const auto removed = groups.remove(*id, *expected, actor_of(who, request));
  if (!removed) return pass_on(removed);
  return http::no_content();
}

template <GroupStore::Membership membership>
Result<http::Response> set_member(GroupStore& groups, const http::Request& request, const Principal& who) {
  const auto id = id_of(request);
  if (!id) return pass_on(id);
  const auto user = UserName::parse(request.path_parameters.at("username"));
  if (!user) return refuse(RefusalKind::not_found, "there is no such user");
  const auto set = groups.set_member(*id, *user, membership, actor_of(who, request));
  if (!set) return pass_on(set);
  return http::no_content();
}

}  // namespace

void mount_group_routes(http::Router& router, GroupStore& groups, UserStore& users, const Guard& guard) {
  using http::Method;
  using http::Request;
  const auto with_groups = [&groups](auto handler) {
    return [&groups, handler](const Request& request, const Principal& who) { return handler(groups, request, who); };
  };
  constexpr auto member = "/api/v1/groups/{id}/members/{username}";
  router.add(Method::get, "/api/v1/groups",
             guard.signed_in([&groups, &users](const Request& request, const Principal& who) {
               return list(groups, users, request, who);
             }));
  router.add(Method::post, "/api/v1/groups", guard.administrator(with_groups(create)));
  router.add(Method::get, "/api/v1/groups/{id}", guard.signed_in(with_groups(get)));
  router.add(Method::patch, "/api/v1/groups/{id}", guard.administrator(with_groups(change)));
  router.add(Method::del, "/api/v1/groups/{id}", guard.administrator(with_groups(remove)));
  router.add(Method::put, member, guard.administrator(with_groups(set_member<GroupStore::Membership::member>)));
  router.add(Method::del, member, guard.administrator(with_groups(set_member<GroupStore::Membership::none>)));
}

}  // namespace spectacles::accounts
