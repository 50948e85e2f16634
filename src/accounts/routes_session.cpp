#include <boost/json.hpp>

#include "accounts/password_rules.h"
#include "accounts/routes.h"
#include "accounts/routes_render.h"
#include "http/json.h"

namespace spectacles::accounts {
namespace {

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

Result<NewUser> read_new_user(const http::Request& request) {
  http::Fields fields(request);
  const auto username = fields.parsed("username", UserName::parse);
  const auto password = fields.parsed_secret("password", parse_new_password);
  const auto email = fields.nullable_parsed("email", parse_email);
  if (const auto finished = fields.finish(); !finished) return pass_on(finished);
  return NewUser{.username = *username, .password = *password, .email = email};
}

Result<http::Response> register_user(AccountStore& store, const http::Request& request) {
  const auto user = read_new_user(request);
  if (!user) return pass_on(user);
  return http::later([&store, user, &request]() -> Result<http::Response> {
    const auto started = store.register_user(*user, origin_of(request));
    if (!started) return pass_on(started);
    return answer_started(request, *started, 201);
  });
}

Result<http::Response> sign_in(AccountStore& store, const http::Request& request) {
  http::Fields fields(request);
  const auto username = fields.text("username");
  const auto password = fields.secret("password");
  if (const auto finished = fields.finish(); !finished) return pass_on(finished);
  return http::later([&store, username, password, &request]() -> Result<http::Response> {
    const auto started = store.sign_in(username, password, origin_of(request));
    if (!started) return pass_on(started);
    return answer_started(request, *started, 200);
  });
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

}  // namespace

void mount_session_routes(http::Router& router, AccountStore& store, const Guard& guard) {
  using http::Method;
  using http::Request;
  router.add(Method::post, "/api/v1/registration",
             http::anybody([&store](const Request& request) { return register_user(store, request); }));
  router.add(Method::get, "/api/v1/session",
             http::anybody([&guard](const Request& request) { return get_session(guard, request); }));
  router.add(Method::post, "/api/v1/session",
             http::anybody([&store](const Request& request) { return sign_in(store, request); }));
  router.add(Method::del, "/api/v1/session",
             http::anybody([&store, &guard](const Request& request) { return sign_out(store, guard, request); }));
}

}  // namespace spectacles::accounts
