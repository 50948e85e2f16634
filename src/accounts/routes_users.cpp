#include <fmt/format.h>

#include <boost/json.hpp>

#include "accounts/password_rules.h"
#include "accounts/routes.h"
#include "accounts/routes_render.h"
#include "accounts/routes_target.h"
#include "http/json.h"
#include "http/page.h"

namespace spectacles::accounts {
namespace {

boost::json::object render_view(const UserView& view) {
  auto rendered = render_user(view.account);
  boost::json::array groups;
  for (const auto& group : view.groups) groups.emplace_back(group.str());
  rendered["groups"] = std::move(groups);
  return rendered;
}

http::Response answer(const UserView& view) {
  return with_revision(http::json(render_view(view)), view.revision);
}

boost::json::object render_session(const UserSession& session, const std::optional<SignedIn>& caller) {
  return {{"id", session.id.value()},
          {"created_at", render_rfc3339(session.created_at)},
          {"seen_at", render_rfc3339(session.seen_at)},
          {"expires_at", render_rfc3339(session.expires_at)},
          {"address", session.address},
          {"user_agent", session.user_agent},
          {"current", caller && caller->session == session.id}};
}

Result<UserFilter> read_filter(const http::Parameters& query, const Principal& who) {
  UserFilter filter{.search = query.first("q").value_or("")};
  for (const auto* name : {"role", "disabled"}) {
    const auto text = query.first(name);
    if (!text || text->empty()) continue;
    if (!who.reads_everything()) {
      return refuse(RefusalKind::forbidden, "this filter is for administrators and auditors", name);
    }
    if (std::string_view(name) == "role") {
      const auto role = parse_role(*text);
      if (!role) return refuse(RefusalKind::invalid, role.error().text, name);
      filter.role = *role;
    } else {
      if (*text != "true" && *text != "false") return refuse(RefusalKind::invalid, "disabled is true or false", name);
      filter.disabled = *text == "true";
    }
  }
  return filter;
}

// The handlers share what they need.
class UserRoutes {
 public:
  UserRoutes(UserStore& users, UserSessions& sessions, const Guard& guard)
      : users_(users), sessions_(sessions), guard_(guard) {}

  Result<http::Response> list(const http::Request& request, const Principal& who) const {
    if (!users_.may_choose(who)) {
      return refuse(RefusalKind::forbidden, "this is for administrators, auditors and owners of namespaces");
    }
    const auto query = request.query();
    if (!query) return pass_on(query);
    const bool by_time = query->first("sort").value_or("").ends_with("created_at");
    const auto page =
        http::parse_page(*query, by_time ? 2 : 1,
                         {.allowed = {"username", "created_at"}, .standard = "username", .numeric = {"created_at"}});
    if (!page) return pass_on(page);
    const auto filter = read_filter(*query, who);
    if (!filter) return pass_on(filter);
    auto users = users_.list(*filter, *page);
    const auto next = http::cut_to_page(users.rows, *page, [&](const Account& account) {
      const auto name = account.username.str();
      return by_time ? std::vector{std::to_string(to_millis(account.created_at)), name} : std::vector{name};
    });
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

  Result<http::Response> create(const http::Request& request, const Principal& who) const {
    http::Fields fields(request);
    const auto username = fields.parsed("username", UserName::parse);
    const auto password = fields.parsed_secret("password", parse_new_password);
    const auto email = fields.nullable_parsed("email", parse_email);
    const auto role = fields.optional_parsed("role", parse_role);
    if (const auto finished = fields.finish(); !finished) return pass_on(finished);
    const NewUser user{.username = *username, .password = *password, .email = email, .role = role.value_or(Role::user)};
    return http::later([&users = users_, user, actor = actor_of(who, request), &request]() -> Result<http::Response> {
      const auto account = users.create(user, actor);
      if (!account) return pass_on(account);
      return http::json(render_user(*account), 201)
          .with("Location", request.address_of(fmt::format("/api/v1/users/{}", account->id.value())));
    });
  }

  Result<http::Response> get(const http::Request& request, const Principal& who) const {
    const auto user = find_readable(request, who);
    if (!user) return pass_on(user);
    return answer(*user);
  }

  Result<http::Response> change(const http::Request& request, const Principal& who) const {
    const auto user = find_changeable(request, who);
    if (!user) return pass_on(user);
    const auto expected = expected_revision(request);
    if (!expected) return pass_on(expected);
    http::Fields fields(request);
    UserChange change;
    const auto email = fields.nullable_parsed("email", parse_email);
    if (fields.has("email")) change.email.emplace(email);
    change.role = fields.optional_parsed("role", parse_role);
    change.disabled = fields.optional_boolean("disabled");
    if (const auto finished = fields.finish(); !finished) return pass_on(finished);
    if (!who.is_administrator() && (change.role || change.disabled)) {
      return refuse(RefusalKind::forbidden, "only administrators change this", change.role ? "role" : "disabled");
    }
    const auto changed = users_.change(user->account.id, change, *expected, actor_of(who, request));
    if (!changed) return pass_on(changed);
    return answer(*changed);
  }

  Result<http::Response> remove(const http::Request& request, const Principal& who) const {
    const auto user = find_readable(request, who);
    if (!user) return pass_on(user);
    const auto expected = expected_revision(request);
    if (!expected) return pass_on(expected);
    const auto query = request.query();
    if (!query) return pass_on(query);
    std::optional<UserName> heir;
    if (const auto name = query->first("transfer_to"); name && !name->empty()) {
      const auto parsed = UserName::parse(*name);
      if (!parsed) return refuse(RefusalKind::invalid, parsed.error().text, "transfer_to");
      heir = *parsed;
    }
    if (const auto removed = users_.remove(user->account.id, heir, *expected, actor_of(who, request)); !removed) {
      return pass_on(removed);
    }
    return http::no_content();
  }

  Result<http::Response> change_password(const http::Request& request, const Principal& who) const {
    const auto user = find_changeable(request, who);
    if (!user) return pass_on(user);
    const bool is_own = who.account->id == user->account.id;
    http::Fields fields(request);
    PasswordChange change;
    const auto password = fields.parsed_secret("password", parse_new_password);
    const auto current = fields.optional_secret("current_password");
    if (is_own && !current) fields.refuse("current_password", "is needed to change one's own password");
    if (!is_own && current) fields.refuse("current_password", "is only for one's own password");
    if (const auto finished = fields.finish(); !finished) return pass_on(finished);
    change.password = *password;
    if (is_own) {
      const auto session = guard_.find_session(request);
      if (!session) return refuse(RefusalKind::unauthenticated, "the session is over: sign in again");
      change.own = PasswordChange::Own{.current = *current, .session = session->session};
    }
    return http::later(
        [&users = users_, id = user->account.id, change, actor = actor_of(who, request)]() -> Result<http::Response> {
          const auto changed = users.change_password(id, change, actor);
          if (!changed) return pass_on(changed);
          return http::no_content();
        });
  }

  Result<http::Response> list_sessions(const http::Request& request, const Principal& who) const {
    const auto user = find_readable(request, who);
    if (!user) return pass_on(user);
    const auto query = request.query();
    if (!query) return pass_on(query);
    const auto page = http::parse_page(
        *query, 2, {.allowed = {"seen_at"}, .standard = "-seen_at", .numeric = {"seen_at"}, .ends_with_number = true});
    if (!page) return pass_on(page);
    auto sessions = sessions_.list(user->account.id, *page);
    const auto next = http::cut_to_page(sessions.rows, *page, [](const UserSession& session) {
      return std::vector{std::to_string(to_millis(session.seen_at)), std::to_string(session.id.value())};
    });
    const auto caller = guard_.find_session(request);
    boost::json::array rendered;
    for (const auto& session : sessions.rows) rendered.push_back(render_session(session, caller));
    return http::page(request, rendered, sessions.total, next);
  }

  Result<http::Response> end_sessions(const http::Request& request, const Principal& who) const {
    const auto user = find_changeable(request, who);
    if (!user) return pass_on(user);
    const auto caller = guard_.find_session(request);
    sessions_.end_all(user->account, caller ? std::optional(caller->session) : std::nullopt, actor_of(who, request));
    return http::no_content();
  }

  Result<http::Response> end_session(const http::Request& request, const Principal& who) const {
    const auto user = find_changeable(request, who);
    if (!user) return pass_on(user);
    const auto id = parse_id<SessionId>(request.path_parameters.at("session"));
    if (!id) return refuse(RefusalKind::not_found, "there is no such session");
    if (const auto ended = sessions_.end(user->account, *id, actor_of(who, request)); !ended) return pass_on(ended);
    return http::no_content();
  }

 private:
  Result<UserView> find_readable(const http::Request& request, const Principal& who) const {
    return find_readable_user(users_, request, who);
  }
  Result<UserView> find_changeable(const http::Request& request, const Principal& who) const {
    return find_changeable_user(users_, request, who);
  }

  UserStore& users_;
  UserSessions& sessions_;
  const Guard& guard_;
};

}  // namespace

void mount_user_routes(http::Router& router, UserStore& users, UserSessions& sessions, const Guard& guard) {
  using http::Method;
  const auto routes = std::make_shared<const UserRoutes>(users, sessions, guard);
  const auto handler = [routes](auto member) {
    return [routes, member](const http::Request& request, const Principal& who) {
      return ((*routes).*member)(request, who);
    };
  };
  router.add(Method::get, "/api/v1/users", guard.signed_in(handler(&UserRoutes::list)));
  router.add(Method::post, "/api/v1/users", guard.administrator(handler(&UserRoutes::create)));
  router.add(Method::get, "/api/v1/users/{id}", guard.signed_in(handler(&UserRoutes::get)));
  router.add(Method::patch, "/api/v1/users/{id}", guard.signed_in(handler(&UserRoutes::change)));
  router.add(Method::del, "/api/v1/users/{id}", guard.administrator(handler(&UserRoutes::remove)));
  router.add(Method::put, "/api/v1/users/{id}/password", guard.signed_in(handler(&UserRoutes::change_password)));
  router.add(Method::get, "/api/v1/users/{id}/sessions", guard.signed_in(handler(&UserRoutes::list_sessions)));
  router.add(Method::del, "/api/v1/users/{id}/sessions", guard.signed_in(handler(&UserRoutes::end_sessions)));
  router.add(Method::del, "/api/v1/users/{id}/sessions/{session}", guard.signed_in(handler(&UserRoutes::end_session)));
}

}  // namespace spectacles::accounts
