#include "accounts/routes.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "http/json.h"
#include "http/page.h"

namespace spectacles::accounts {
namespace {

boost::json::object render_user(const Account& account) {
  boost::json::object user{{"id", account.id.value()},
                           {"username", account.username.str()},
                           {"role", render_role(account.role)},
                           {"disabled", account.disabled},
                           {"created_at", render_rfc3339(account.created_at)}};
  user["email"] = account.email ? boost::json::value(*account.email) : boost::json::value(nullptr);
  return user;
}

boost::json::object render_group(const Group& group, bool with_members) {
  boost::json::object rendered{{"id", group.id.value()}, {"name", group.name.str()}};
  if (with_members) {
    boost::json::array members;
    for (const auto& member : group.members) members.emplace_back(member.str());
    rendered["members"] = std::move(members);
  }
  return rendered;
}

boost::json::object render_session(const Account& account, Time expires_at) {
  return {{"user", render_user(account)}, {"expires_at", render_rfc3339(expires_at)}};
}

std::string session_cookie(const http::Request& request, const std::string& token, std::chrono::seconds max_age) {
  return http::render_cookie({.name = session_cookie_name(request),
                              .value = token,
                              .path = "/",
                              .secure = request.secure,
                              .max_age = max_age});
}

Origin origin_of(const http::Request& request) {
  return {.address = request.remote_address, .user_agent = request.header("user-agent").value_or("")};
}

http::Response answer_started(const http::Request& request, const SessionStart& started, int status) {
  return http::json(render_session(started.account, started.session.expires_at), status)
      .with("Set-Cookie", session_cookie(request, started.session.token.reveal(), session_absolute_limit));
}

// Reads what all new accounts have; `role` where the caller may choose it.
Result<NewUser> read_new_user(const http::Request& request, bool with_role) {
  http::Fields fields(request);
  const auto username = fields.parsed("username", UserName::parse);
  const auto password = fields.parsed_secret("password", parse_new_password);
  const auto email = fields.optional_parsed("email", parse_email);
  const auto role = with_role ? fields.optional_parsed("role", parse_role) : std::nullopt;
  if (const auto finished = fields.finish(); !finished) return pass_on(finished);
  return NewUser{.username = *username, .password = *password, .email = email, .role = role.value_or(Role::user)};
}

Result<http::Response> register_user(AccountStore& store, const http::Request& request) {
  const auto user = read_new_user(request, false);
  if (!user) return pass_on(user);
  const auto started = store.register_user(*user, origin_of(request));
  if (!started) return pass_on(started);
  return answer_started(request, *started, 201);
}

Result<http::Response> sign_in(AccountStore& store, const http::Request& request) {
  http::Fields fields(request);
  const auto username = fields.text("username");
  const auto password = fields.secret("password");
  if (const auto finished = fields.finish(); !finished) return pass_on(finished);
  const auto started = store.sign_in(username, password, origin_of(request));
  if (!started) return pass_on(started);
  return answer_started(request, *started, 200);
}

Result<http::Response> sign_out(AccountStore& store, const Guard& guard, const http::Request& request) {
  if (const auto session = guard.find_session(request)) store.sign_out(*session, origin_of(request));
  return http::no_content().with("Set-Cookie", session_cookie(request, "", std::chrono::seconds(0)));
}

Result<http::Response> get_session(const Guard& guard, const http::Request& request) {
  const auto session = guard.find_session(request);
  if (!session) return refuse(RefusalKind::unauthenticated, "nobody is signed in");
  return http::json(render_session(*session->principal.account, session->expires_at));
}

tl::unexpected<Refusal> refuse_to_choose() {
  return refuse(RefusalKind::forbidden, "this is for administrators, auditors and owners of namespaces");
}

Result<http::Response> list_users(AccountStore& store, const http::Request& request, const Principal& who) {
  if (!store.may_choose(who)) return refuse_to_choose();
  const auto query = request.query();
  if (!query) return pass_on(query);
  const auto page = http::parse_page(*query, 1);
  if (!page) return pass_on(page);
  auto users = store.list_users(query->first("q").value_or(""), page->after.empty() ? "" : page->after[0], page->limit);
  const auto next =
      http::cut_to_page(users.rows, *page, [](const Account& account) { return std::vector{account.username.str()}; });
  boost::json::array rendered;
  for (const auto& account : users.rows) {
    // An owner chooses members by name; more is not his concern.
    if (who.reads_everything()) {
      rendered.push_back(render_user(account));
    } else {
      rendered.push_back(boost::json::object{{"id", account.id.value()}, {"username", account.username.str()}});
    }
  }
  return http::page(request, rendered, users.total, next);
}

Result<http::Response> create_user(AccountStore& store, const http::Request& request, const Principal& who) {
  const auto user = read_new_user(request, true);
  if (!user) return pass_on(user);
  const auto account = store.create_user(*user, actor_of(who, request));
  if (!account) return pass_on(account);
  return http::json(render_user(*account), 201)
      .with("Location", request.address_of(fmt::format("/api/v1/users/{}", account->id.value())));
}

Result<http::Response> get_user(AccountStore& store, const http::Request& request, const Principal& who) {
  const auto id = parse_id<AccountId>(request.path_parameters.at("id"));
  const bool may_see = id && (who.reads_everything() || who.account->id == *id);
  const auto account = may_see ? store.find_user(*id) : std::nullopt;
  if (!account) return refuse(RefusalKind::not_found, "there is no such user");
  return http::json(render_user(*account));
}

Result<http::Response> list_groups(AccountStore& store, const http::Request& request, const Principal& who) {
  if (!store.may_choose(who)) return refuse_to_choose();
  const auto query = request.query();
  if (!query) return pass_on(query);
  const auto page = http::parse_page(*query, 1);
  if (!page) return pass_on(page);
  auto groups =
      store.list_groups(query->first("q").value_or(""), page->after.empty() ? "" : page->after[0], page->limit);
  const auto next =
      http::cut_to_page(groups.rows, *page, [](const Group& group) { return std::vector{group.name.str()}; });
  boost::json::array rendered;
  for (const auto& group : groups.rows) rendered.push_back(render_group(group, who.reads_everything()));
  return http::page(request, rendered, groups.total, next);
}

Result<http::Response> create_group(AccountStore& store, const http::Request& request, const Principal& who) {
  http::Fields fields(request);
  const auto name = fields.parsed("name", Label::parse);
  const auto members = fields.optional_parsed_list("members", UserName::parse);
  if (const auto finished = fields.finish(); !finished) return pass_on(finished);
  const auto group = store.create_group(*name, members.value_or(std::vector<UserName>{}), actor_of(who, request));
  if (!group) return pass_on(group);
  return http::json(render_group(*group, true), 201)
      .with("Location", request.address_of(fmt::format("/api/v1/groups/{}", group->id.value())));
}

Result<http::Response> get_group(AccountStore& store, const http::Request& request, const Principal& who) {
  const auto id = parse_id<GroupId>(request.path_parameters.at("id"));
  const auto group = id && who.reads_everything() ? store.find_group(*id) : std::nullopt;
  if (!group) return refuse(RefusalKind::not_found, "there is no such group");
  return http::json(render_group(*group, true));
}

}  // namespace

void mount_routes(http::Router& router, AccountStore& store, const Guard& guard) {
  using http::Method;
  using http::Request;
  const auto with_store = [&store](auto handler) {
    return [&store, handler](const Request& request, const Principal& who) { return handler(store, request, who); };
  };
  router.add(Method::post, "/api/v1/registration",
             http::anybody([&store](const Request& request) { return register_user(store, request); }));
  router.add(Method::get, "/api/v1/session",
             http::anybody([&guard](const Request& request) { return get_session(guard, request); }));
  router.add(Method::post, "/api/v1/session",
             http::anybody([&store](const Request& request) { return sign_in(store, request); }));
  router.add(Method::del, "/api/v1/session",
             http::anybody([&store, &guard](const Request& request) { return sign_out(store, guard, request); }));
  router.add(Method::get, "/api/v1/users", guard.signed_in(with_store(list_users)));
  router.add(Method::post, "/api/v1/users", guard.administrator(with_store(create_user)));
  router.add(Method::get, "/api/v1/users/{id}", guard.signed_in(with_store(get_user)));
  router.add(Method::get, "/api/v1/groups", guard.signed_in(with_store(list_groups)));
  router.add(Method::post, "/api/v1/groups", guard.administrator(with_store(create_group)));
  router.add(Method::get, "/api/v1/groups/{id}", guard.signed_in(with_store(get_group)));
}

}  // namespace spectacles::accounts
