#include "accounts/guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "accounts/rows_sql.h"
#include "db/migrate.h"
#include "db/test_folder.h"

namespace spectacles::accounts {
namespace {

class GuardTest : public testing::Test {
 protected:
  // The cookie's value of a new session of a new account.
  std::string sign_in(const std::string& name, Role role) {
    return database_.write([&](db::Session& session) {
      const auto id = rows::insert_account(session,
                                           {.username = UserName::parse(name).value(),
                                            .email = {},
                                            .password_hash = "x",
                                            .role = role,
                                            .disabled = false},
                                           clock_.now());
      return sessions_.start(session, rows::find_account(session, id).value(), "", "").token.reveal();
    });
  }

  static http::Request request_with(const std::string& cookie, bool secure = false) {
    http::Request request;
    request.path = "/";
    request.secure = secure;
    request.remote_address = "192.0.2.1";
    if (!cookie.empty()) request.headers = {{"cookie", cookie}};
    return request;
  }

  // The status of a guarded route that says 200 to whom it lets in.
  static int ask(const http::Guarded& guarded, const http::Request& request) {
    const auto answer = guarded.handler(request);
    return answer ? answer->status : http::status_of(answer.error().kind);
  }

  db::TestFolder folder_;
  db::Database database_{folder_.options()};
  const int migrated_ = db::migrate(database_);
  ManualClock clock_{from_millis(1'000'000)};
  SessionStore sessions_{database_, clock_, std::nullopt};
  Guard guard_{sessions_};
  Guard::Handler welcome_ = [](const http::Request&, const Principal&) -> Result<http::Response> {
    return http::Response{};
  };
};

TEST_F(GuardTest, LetsInWhoMayCome) {
  const auto nobody = request_with("");
  const auto user = request_with("spectacles_session=" + sign_in("alice", Role::user));
  const auto auditor = request_with("spectacles_session=" + sign_in("watcher", Role::auditor));
  const auto admin = request_with("spectacles_session=" + sign_in("root", Role::admin));
  const auto statuses = [&](const http::Guarded& guarded) {
    return std::vector{ask(guarded, nobody), ask(guarded, user), ask(guarded, auditor), ask(guarded, admin)};
  };
  EXPECT_EQ(statuses(guard_.signed_in(welcome_)), (std::vector{401, 200, 200, 200}));
  EXPECT_EQ(statuses(guard_.administrator_or_auditor(welcome_)), (std::vector{401, 403, 200, 200}));
  EXPECT_EQ(statuses(guard_.administrator(welcome_)), (std::vector{401, 403, 403, 200}));
}

TEST_F(GuardTest, HandsOverWhoItIs) {
  const auto request = request_with("other=1; spectacles_session=" + sign_in("alice", Role::user));
  std::string name;
  const auto guarded = guard_.signed_in([&](const http::Request& seen, const Principal& who) -> Result<http::Response> {
    name = who.name();
    EXPECT_EQ(actor_of(who, seen).address, "192.0.2.1");
    EXPECT_EQ(actor_of(who, seen).id, who.account->id);
    return http::Response{};
  });
  EXPECT_EQ(ask(guarded, request), 200);
  EXPECT_EQ(name, "alice");
  EXPECT_EQ(actor_of(Principal::anonymous(), request).id, std::nullopt);
}

TEST_F(GuardTest, OverHttpsOnlyTheCookieOfThisHostCounts) {
  const auto token = sign_in("alice", Role::user);
  const auto guarded = guard_.signed_in(welcome_);
  EXPECT_EQ(ask(guarded, request_with("__Host-spectacles_session=" + token, true)), 200);
  EXPECT_EQ(ask(guarded, request_with("spectacles_session=" + token, true)), 401);
  EXPECT_EQ(ask(guarded, request_with("__Host-spectacles_session=" + token, false)), 401);
}

TEST_F(GuardTest, WrongCookiesAreNobody) {
  const auto guarded = guard_.signed_in(welcome_);
  for (const auto* cookie : {"spectacles_session=", "spectacles_session=x", "session=x", "x"}) {
    EXPECT_EQ(ask(guarded, request_with(cookie)), 401) << cookie;
  }
}

TEST_F(GuardTest, PoliciesHaveNames) {
  EXPECT_EQ(guard_.signed_in(welcome_).policy, "signed in");
  EXPECT_EQ(guard_.administrator(welcome_).policy, "administrator");
  EXPECT_EQ(guard_.administrator_or_auditor(welcome_).policy, "administrator or auditor");
}

}  // namespace
}  // namespace spectacles::accounts
