#include "accounts/avatars_sql.h"

#include <gtest/gtest.h>

#include "accounts/preferences_sql.h"
#include "accounts/rows_sql.h"
#include "accounts/session.h"
#include "accounts/session_look_sql.h"
#include "db/migrate.h"
#include "db/test_database.h"

namespace spectacles::accounts {
namespace {

const audit::Actor actor{.id = {}, .name = "root", .address = "192.0.2.1"};

// What belongs to an account beside its rights.
class OwnThingsTest : public db::OnEveryEngine {
 protected:
  Account make(const std::string& name) {
    return database_.write([&](db::Session& session) {
      const auto id = rows::insert_account(
          session, {.username = UserName::parse(name).value(), .email = {}, .password_hash = "-"}, clock_.now());
      return rows::find_account(session, id).value();
    });
  }
  void remove(const Account& account) {
    database_.write([&](db::Session& session) { rows::delete_account(session, account.id); });
  }
  std::int64_t count(const std::string& table) {
    return database_.read(
        [&](db::Session& session) { return session.single<std::int64_t>("SELECT count(*) FROM " + table); });
  }

  db::Database database_{options()};
  const int migrated_ = db::migrate(database_);
  ManualClock clock_{from_millis(1'000'000'000)};
  audit::Recorder recorder_{clock_};
  AvatarStore avatars_{database_, recorder_, clock_};
  PreferenceStore preferences_{database_, recorder_};
};

TEST_P(OwnThingsTest, APictureIsKeptByteByByte) {
  const auto alice = make("alice");
  EXPECT_EQ(avatars_.find_revision(alice.id), std::nullopt);
  EXPECT_EQ(avatars_.find(alice.id, 64), std::nullopt);
  std::string bytes;
  for (int i = 0; i < 300'000; ++i) bytes += static_cast<char>(i * 31 % 256);
  ASSERT_TRUE(avatars_.replace(alice, {bytes.substr(1), bytes}, actor));
  const auto revision = avatars_.find_revision(alice.id);
  ASSERT_TRUE(revision);
  EXPECT_EQ(avatars_.find(alice.id, 64), bytes.substr(1));
  EXPECT_EQ(avatars_.find(alice.id, 256), bytes);
  ASSERT_TRUE(avatars_.replace(alice, {"s", "l"}, actor));
  EXPECT_NE(avatars_.find_revision(alice.id), revision);
  ASSERT_TRUE(avatars_.replace(alice, {"s", "l"}, actor));
  EXPECT_EQ(count("activity"), 2) << "the same again is no change";
  avatars_.remove(alice, actor);
  avatars_.remove(alice, actor);
  EXPECT_EQ(avatars_.find_revision(alice.id), std::nullopt);
  EXPECT_EQ(count("activity"), 3);
}

TEST_P(OwnThingsTest, PreferencesAreTheStandardUntilTheyAreChosen) {
  const auto alice = make("alice");
  EXPECT_EQ(preferences_.load(alice.id), Preferences());
  const auto changed = preferences_.change(alice, {.theme = "dark", .time_zone = "Europe/Paris"}, actor);
  ASSERT_TRUE(changed);
  EXPECT_EQ(*changed, (Preferences{.theme = "dark", .density = "comfortable", .time_zone = "Europe/Paris"}));
  EXPECT_EQ(preferences_.load(alice.id), *changed);
  EXPECT_EQ(preferences_.load(make("bob").id), Preferences());
  ASSERT_TRUE(preferences_.change(alice, {.theme = "dark"}, actor));
  EXPECT_EQ(count("activity"), 1);
}

TEST_P(OwnThingsTest, BothGoWithTheAccount) {
  const auto alice = make("alice");
  ASSERT_TRUE(avatars_.replace(alice, {"s", "l"}, actor));
  ASSERT_TRUE(preferences_.change(alice, {.density = "compact"}, actor));
  remove(alice);
  EXPECT_EQ(count("avatar"), 0);
  EXPECT_EQ(count("preference"), 0);
  EXPECT_EQ(avatars_.replace(alice, {"s", "l"}, actor).error().kind, RefusalKind::not_found);
  EXPECT_EQ(preferences_.change(alice, {.density = "compact"}, actor).error().kind, RefusalKind::not_found);
}

TEST_P(OwnThingsTest, LookingAtASessionDoesNotKeepItAlive) {
  const auto alice = make("alice");
  SessionStore sessions(database_, clock_, std::nullopt);
  const auto token = database_.write(
      [&](db::Session& session) { return sessions.start(session, alice, "192.0.2.7", "browser").token; });
  const auto id = sessions.find(token).value().session;
  EXPECT_EQ(look_at_session(database_, id, clock_.now())->principal.account, alice);
  clock_.advance(session_idle_limit - std::chrono::minutes(1));
  EXPECT_TRUE(look_at_session(database_, id, clock_.now()));
  clock_.advance(std::chrono::minutes(2));
  EXPECT_FALSE(look_at_session(database_, id, clock_.now()));
}

INSTANTIATE_TEST_SUITE_P(Engines, OwnThingsTest, db::every_engine(), db::engine_name);

}  // namespace
}  // namespace spectacles::accounts
