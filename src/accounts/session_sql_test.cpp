#include <gtest/gtest.h>

#include "accounts/rows_sql.h"
#include "accounts/session.h"
#include "db/migrate.h"
#include "db/test_database.h"

namespace spectacles::accounts {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class SessionStoreTest : public db::OnEveryEngine {
 protected:
  SessionStoreTest() {
    db::migrate(database_);
    database_.write([&](db::Session& session) {
      rows::insert_account(session,
                           {.username = UserName::parse("alice").value(),
                            .email = {},
                            .password_hash = "x",
                            .role = Role::user,
                            .disabled = false},
                           clock_.now());
    });
  }

  Account alice() {
    return database_.read(
        [](db::Session& session) { return rows::find_account(session, UserName::parse("alice").value()).value(); });
  }

  SessionStore::Started start(SessionStore& sessions) {
    const auto account = alice();
    return database_.write(
        [&](db::Session& session) { return sessions.start(session, account, "192.0.2.1", std::string(1000, 'u')); });
  }

  std::int64_t count() {
    return database_.read(
        [](db::Session& session) { return session.single<std::int64_t>("SELECT count(*) FROM session"); });
  }

  db::Database database_{options()};
  ManualClock clock_{from_millis(1'000'000)};
};

TEST_P(SessionStoreTest, SurvivesARestart) {
  SessionStore before(database_, clock_, std::nullopt);
  const auto started = start(before);
  db::Database reopened(options());
  SessionStore after(reopened, clock_, std::nullopt);
  const auto found = after.find(started.token);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->principal.account, alice());
}

TEST_P(SessionStoreTest, KnowsItsOwnTokensOnly) {
  SessionStore sessions(database_, clock_, std::nullopt);
  const auto one = start(sessions);
  const auto two = start(sessions);
  EXPECT_FALSE(one.token == two.token);
  for (const auto& text : {std::string(), std::string("x"), one.token.reveal() + "x", std::string("' OR 1=1 --")}) {
    EXPECT_FALSE(sessions.find(Secret(text))) << text;
  }
  const auto kept = database_.read([](db::Session& session) {
    return session.single<std::string>("SELECT token_hash FROM session ORDER BY id LIMIT 1");
  });
  EXPECT_NE(kept, one.token.reveal());
  EXPECT_FALSE(sessions.find(Secret(kept))) << "who reads the database cannot use it";
}

TEST_P(SessionStoreTest, EndsWithAnotherKey) {
  SessionStore first(database_, clock_, Secret("a key of sixteen"));
  const auto started = start(first);
  EXPECT_TRUE(SessionStore(database_, clock_, Secret("a key of sixteen")).find(started.token));
  EXPECT_FALSE(SessionStore(database_, clock_, Secret("another key of 16")).find(started.token));
  EXPECT_FALSE(SessionStore(database_, clock_, std::nullopt).find(started.token));
}

TEST_P(SessionStoreTest, EndsWhenItIsNotUsed) {
  SessionStore sessions(database_, clock_, std::nullopt);
  const auto started = start(sessions);
  EXPECT_EQ(started.expires_at, clock_.now() + session_idle_limit);
  clock_.advance(session_idle_limit - minutes(1));
  ASSERT_TRUE(sessions.find(started.token));
  clock_.advance(session_idle_limit - minutes(1));
  ASSERT_TRUE(sessions.find(started.token)) << "using it counts";
  clock_.advance(session_idle_limit);
  EXPECT_FALSE(sessions.find(started.token));
}

TEST_P(SessionStoreTest, EndsAtTheLatestTwoWeeksAfterSignIn) {
  SessionStore sessions(database_, clock_, std::nullopt);
  const auto started = start(sessions);
  const auto end = clock_.now() + session_absolute_limit;
  while (clock_.now() + hours(12) < end) {
    clock_.advance(hours(12));
    const auto found = sessions.find(started.token);
    ASSERT_TRUE(found);
    EXPECT_LE(found->expires_at, end);
  }
  clock_.advance(hours(12));
  EXPECT_FALSE(sessions.find(started.token));
}

TEST_P(SessionStoreTest, DisabledAccountsLoseTheirSessions) {
  SessionStore sessions(database_, clock_, std::nullopt);
  const auto started = start(sessions);
  auto account = alice();
  const auto set_disabled = [&](bool disabled) {
    account.disabled = disabled;
    database_.write([&](db::Session& session) { rows::update_account(session, account, clock_.now()); });
  };
  set_disabled(true);
  EXPECT_FALSE(sessions.find(started.token));
  set_disabled(false);
  EXPECT_FALSE(sessions.find(started.token)) << "and do not get them back";
}

TEST_P(SessionStoreTest, ANewPasswordEndsThemToo) {
  SessionStore sessions(database_, clock_, std::nullopt);
  const auto started = start(sessions);
  const auto id = alice().id;
  database_.write([&](db::Session& session) { rows::update_password_hash(session, id, "y", clock_.now()); });
  EXPECT_FALSE(sessions.find(started.token));
}

TEST_P(SessionStoreTest, OldRowsAreSweptAway) {
  SessionStore sessions(database_, clock_, std::nullopt);
  start(sessions);
  EXPECT_EQ(count(), 1);
  clock_.advance(session_idle_limit + minutes(1));
  const auto fresh = start(sessions);
  EXPECT_EQ(count(), 1);
  EXPECT_TRUE(sessions.find(fresh.token));
  database_.write([&](db::Session& session) { sessions.end(session, SessionId(2)); });
  EXPECT_EQ(count(), 0);
}

INSTANTIATE_TEST_SUITE_P(Engines, SessionStoreTest, db::every_engine(), db::engine_name);

}  // namespace
}  // namespace spectacles::accounts
