#include "accounts/users_sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "accounts/no_belongings_test.h"
#include "accounts/rows_sql.h"
#include "accounts/session.h"
#include "accounts/user_sessions_sql.h"
#include "db/migrate.h"
#include "db/test_folder.h"

namespace spectacles::accounts {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const auto any = audit::ExpectedRevision::any();
const audit::Actor root_acts{.id = {}, .name = "root", .address = "192.0.2.1"};

UserName name(const std::string& text) {
  return UserName::parse(text).value();
}

class UserStoreTest : public testing::Test {
 protected:
  UserStoreTest() { make("root", Role::admin); }

  AccountId make(const std::string& username, Role role = Role::user) {
    return users_
        .create({.username = name(username), .password = Secret("correct horse"), .email = {}, .role = role}, root_acts)
        .value()
        .id;
  }

  SessionId sign_in(AccountId id) {
    const auto token = database_.write([&](db::Session& session) {
      return sessions_.start(session, rows::find_account(session, id).value(), "192.0.2.7", "browser").token;
    });
    return sessions_.find(token).value().session;
  }

  std::size_t count_sessions(AccountId id) {
    return user_sessions_.list(id, {.limit = 100, .order = {"seen_at", true}}).rows.size();
  }

  // "<action> <subject> <outcome>" of all events after the first.
  std::vector<std::string> events() {
    std::vector<std::string> seen;
    for (const auto& [action, subject, outcome] : database_.read([](db::Session& session) {
           return session.rows<std::string, std::string, std::string>(
               "SELECT action, subject, outcome FROM activity WHERE id > 1 ORDER BY id");
         })) {
      seen.push_back(action + " " + subject + " " + outcome);
    }
    return seen;
  }

  db::TestFolder folder_;
  db::Database database_{folder_.options()};
  const int migrated_ = db::migrate(database_, db::sqlite_migrations());
  ManualClock clock_{from_millis(1'000'000'000)};
  PasswordHasher hasher_{2};
  SessionStore sessions_{database_, clock_, std::nullopt};
  audit::Recorder recorder_{clock_};
  NoBelongings belongings_;
  Throttle throttle_{clock_};
  UserStore users_{database_, hasher_, recorder_, clock_, belongings_, throttle_};
  UserSessions user_sessions_{database_, recorder_, clock_};
};

TEST_F(UserStoreTest, ChangesWhatIsGivenAndRecordsIt) {
  const auto bob = make("bob");
  const auto changed = users_.change(bob, {.email = "bob@example.org"}, any, root_acts);
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->account.email, "bob@example.org");
  EXPECT_EQ(changed->account.role, Role::user);
  EXPECT_TRUE(users_.change(bob, {.email = "bob@example.org"}, any, root_acts)) << "nothing to change";
  EXPECT_EQ(users_.change(bob, {.email = std::optional<std::string>()}, any, root_acts)->account.email, std::nullopt);
  EXPECT_THAT(events(), ElementsAre("user.created bob done", "user.changed bob done", "user.changed bob done"));
  EXPECT_EQ(users_.change(AccountId(99), {}, any, root_acts).error().kind, RefusalKind::not_found);
}

TEST_F(UserStoreTest, AStaleRevisionChangesNothing) {
  const auto bob = make("bob");
  const auto seen = audit::ExpectedRevision({{users_.find(bob)->revision.value()}});
  ASSERT_TRUE(users_.change(bob, {.email = "one@example.org"}, seen, root_acts));
  EXPECT_EQ(users_.change(bob, {.email = "two@example.org"}, seen, root_acts).error().kind, RefusalKind::stale);
  EXPECT_TRUE(users_.change(bob, {.email = "one@example.org"}, seen, root_acts)) << "was made already";
  EXPECT_EQ(users_.remove(bob, {}, seen, root_acts).error().kind, RefusalKind::stale);
  EXPECT_EQ(users_.find(bob)->account.email, "one@example.org");
}

TEST_F(UserStoreTest, WhoIsDisabledLosesHisSessions) {
  const auto bob = make("bob");
  sign_in(bob);
  ASSERT_TRUE(users_.change(bob, {.disabled = true}, any, root_acts));
  EXPECT_EQ(count_sessions(bob), 0U);
}

TEST_F(UserStoreTest, TheLastActiveAdministratorStays) {
  const auto root = users_.find(name("root"))->id;
  const auto other = make("other", Role::admin);
  ASSERT_TRUE(users_.change(other, {.disabled = true}, any, root_acts)) << "who is disabled does not count";
  EXPECT_EQ(users_.change(root, {.role = Role::user}, any, root_acts).error().kind, RefusalKind::conflict);
  EXPECT_EQ(users_.change(root, {.disabled = true}, any, root_acts).error().kind, RefusalKind::conflict);
  EXPECT_EQ(users_.remove(root, {}, any, root_acts).error().kind, RefusalKind::conflict);
  EXPECT_TRUE(users_.change(root, {.email = "root@example.org"}, any, root_acts));
  ASSERT_TRUE(users_.change(other, {.disabled = false}, any, root_acts));
  EXPECT_TRUE(users_.remove(root, {}, any, root_acts));
}

TEST_F(UserStoreTest, OfTwoAdministratorsWhoRemoveEachOtherOneStays) {
  for (int round = 0; round < 10; ++round) {
    const auto first = users_.find(name("root"))->id;
    const auto second = make("second", Role::admin);
    {
      std::jthread one([&] { static_cast<void>(users_.change(first, {.role = Role::user}, any, root_acts)); });
      std::jthread two([&] { static_cast<void>(users_.remove(second, {}, any, root_acts)); });
    }
    const auto active = database_.read(rows::count_active_administrators);
    ASSERT_EQ(active, 1) << "round " << round;
    if (users_.find(second)) {
      ASSERT_TRUE(users_.change(first, {.role = Role::admin}, any, root_acts));
      ASSERT_TRUE(users_.remove(second, {}, any, root_acts));
    }
  }
}

TEST_F(UserStoreTest, OneNeedsTheOldPasswordForANewOne) {
  const auto bob = make("bob");
  const auto here = sign_in(bob);
  sign_in(bob);
  const auto change = [&](const std::string& current) {
    return users_.change_password(
        bob, {.password = Secret("battery staple"), .own = PasswordChange::Own{Secret(current), here}}, root_acts);
  };
  const auto refused = change("wrong horse");
  EXPECT_EQ(refused.error().kind, RefusalKind::forbidden);
  EXPECT_EQ(refused.error().field, "current_password");
  EXPECT_EQ(count_sessions(bob), 2U);
  ASSERT_TRUE(change("correct horse"));
  EXPECT_EQ(user_sessions_.list(bob, {.limit = 9, .order = {"seen_at", true}}).rows.at(0).id, here) << "this one stays";
  EXPECT_EQ(count_sessions(bob), 1U);
  EXPECT_FALSE(change("correct horse")) << "it is not the old one any more";
  EXPECT_THAT(events(), ElementsAre("user.created bob done", "user.password_changed bob refused",
                                    "user.password_changed bob done", "user.password_changed bob refused"));
}

TEST_F(UserStoreTest, AResetEndsAllSessions) {
  const auto bob = make("bob");
  sign_in(bob);
  ASSERT_TRUE(users_.change_password(bob, {.password = Secret("battery staple")}, root_acts));
  EXPECT_EQ(count_sessions(bob), 0U);
  EXPECT_EQ(users_.change_password(bob, {.password = Secret("bob-bob-bob")}, root_acts).has_value(), true);
  EXPECT_EQ(users_.change_password(bob, {.password = Secret("bob12345")}, root_acts).error().field, "password");
}

TEST_F(UserStoreTest, WhatOneOwnsIsPassedOnOrKeepsHim) {
  const auto bob = make("bob");
  make("alice");
  const auto away = make("away");
  ASSERT_TRUE(users_.change(away, {.disabled = true}, any, root_acts));
  belongings_.owners_ = {name("bob")};
  EXPECT_EQ(users_.remove(bob, {}, any, root_acts).error().kind, RefusalKind::conflict);
  for (const auto* heir : {"nobody", "bob", "away"}) {
    const auto refused = users_.remove(bob, name(heir), any, root_acts);
    EXPECT_EQ(refused.error().kind, RefusalKind::invalid) << heir;
    EXPECT_EQ(refused.error().field, "transfer_to") << heir;
  }
  EXPECT_TRUE(users_.find(bob));
  ASSERT_TRUE(users_.remove(bob, name("alice"), any, root_acts));
  EXPECT_FALSE(users_.find(bob));
  EXPECT_THAT(belongings_.passed_on_, ElementsAre("bob to alice"));
  EXPECT_THAT(belongings_.set_up_, ElementsAre("root", "bob", "alice", "away"));
}

TEST_F(UserStoreTest, ListsByFilterAndOrder) {
  make("zoe");
  clock_.advance(std::chrono::seconds(1));
  const auto bob = make("bob", Role::auditor);
  ASSERT_TRUE(users_.change(bob, {.disabled = true}, any, root_acts));
  const auto names = [&](const UserFilter& filter, const Order& order = {"username"}) {
    std::vector<std::string> found;
    for (const auto& user : users_.list(filter, {.limit = 10, .order = order}).rows) {
      found.push_back(user.username.str());
    }
    return found;
  };
  EXPECT_THAT(names({}), ElementsAre("bob", "root", "zoe"));
  EXPECT_THAT(names({}, {"created_at", true}), ElementsAre("bob", "root", "zoe"));
  EXPECT_THAT(names({}, {"created_at", false}), ElementsAre("root", "zoe", "bob"));
  EXPECT_THAT(names({.search = "", .role = Role::user}), ElementsAre("zoe"));
  EXPECT_THAT(names({.search = "O", .disabled = false}), ElementsAre("root", "zoe"));
  EXPECT_THAT(names({.search = "", .role = Role::admin, .disabled = true}), IsEmpty());
}

TEST_F(UserStoreTest, SessionsAreListedAndEnded) {
  const auto bob = make("bob");
  const auto old = sign_in(bob);
  clock_.advance(std::chrono::minutes(5));
  const auto recent = sign_in(bob);
  const auto account = users_.find(bob)->account;
  const auto listed = user_sessions_.list(bob, {.limit = 1, .order = {"seen_at", true}});
  EXPECT_EQ(listed.total, 2);
  EXPECT_EQ(listed.rows.at(0).id, recent);
  EXPECT_EQ(listed.rows.at(1).id, old) << "one more, to know that there are more";
  EXPECT_EQ(listed.rows.at(0).address, "192.0.2.7");
  EXPECT_EQ(user_sessions_.end(users_.find(name("root")).value(), old, root_acts).error().kind, RefusalKind::not_found)
      << "of somebody else";
  ASSERT_TRUE(user_sessions_.end(account, old, root_acts));
  EXPECT_EQ(user_sessions_.end_all(account, recent, root_acts), 0);
  EXPECT_EQ(user_sessions_.end_all(account, {}, root_acts), 1);
  clock_.advance(session_idle_limit);
  EXPECT_THAT(events(), ElementsAre("user.created bob done", "session.ended bob done", "session.all_ended bob done"));
}

}  // namespace
}  // namespace spectacles::accounts
