#include "accounts/store_sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "accounts/groups_sql.h"
#include "accounts/no_belongings_test.h"
#include "accounts/rows_sql.h"
#include "db/migrate.h"
#include "db/test_database.h"

namespace spectacles::accounts {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const Origin origin{.address = "192.0.2.1", .user_agent = "test"};

UserName name(const std::string& text) {
  return UserName::parse(text).value();
}

NewUser new_user(const std::string& username, Role role = Role::user) {
  return {.username = name(username), .password = Secret("correct horse"), .email = {}, .role = role};
}

PageRequest by_name(std::size_t limit, const std::string& after = "") {
  return {
      .limit = limit, .after = after.empty() ? std::vector<std::string>{} : std::vector{after}, .order = {"username"}};
}

class AccountStoreTest : public db::OnEveryEngine {
 protected:
  AccountStore store_with(bool registration_enabled) {
    return {database_, hasher_, sessions_, recorder_, clock_, belongings_, authenticator_, registration_enabled};
  }

  std::vector<std::string> events() {
    std::vector<std::string> seen;
    for (const auto& [actor, action, subject, outcome] : database_.read([](db::Session& session) {
           return session.rows<std::optional<std::string>, std::string, std::string, std::string>(
               "SELECT actor, action, subject, outcome FROM activity ORDER BY id");
         })) {
      seen.push_back(actor.value_or("") + " " + action + " " + subject + " " + outcome);
    }
    return seen;
  }

  // All that the database holds of what happened, as one text.
  std::string whole_record() {
    std::string text;
    for (const auto& [line] : database_.read([](db::Session& session) {
           return session.rows<std::string>(
               "SELECT coalesce(actor, '') || subject || coalesce(before_json, '') || coalesce(after_json, '') "
               "FROM activity");
         })) {
      text += line + "\n";
    }
    return text;
  }

  void disable(const std::string& username) {
    database_.write([&](db::Session& session) {
      auto account = rows::find_account(session, name(username)).value();
      account.disabled = true;
      rows::update_account(session, account, clock_.now());
    });
  }

  db::Database database_{options()};
  const int migrated_ = db::migrate(database_);
  ManualClock clock_{from_millis(1'000'000)};
  PasswordHasher hasher_{2};
  SessionStore sessions_{database_, clock_, std::nullopt};
  audit::Recorder recorder_{clock_};
  NoBelongings belongings_;
  Throttle throttle_{clock_};
  UserStore users_{database_, hasher_, recorder_, clock_, belongings_, throttle_};
  GroupStore groups_{database_, recorder_, clock_};
  db::Generation generation_{database_};
  RememberedPasswords passwords_{clock_};
  Authenticator authenticator_{database_, generation_, hasher_, throttle_, passwords_};
  AccountStore store_ = store_with(false);
};

TEST_P(AccountStoreTest, TheFirstToRegisterIsAnAdministrator) {
  EXPECT_EQ(store_.registration(), Registration::first);
  const auto first = store_.register_user(new_user("alice", Role::user), origin);
  ASSERT_TRUE(first) << first.error().text;
  EXPECT_EQ(first->account.role, Role::admin);
  EXPECT_EQ(sessions_.find(first->session.token)->principal.account, first->account) << "and is signed in";
  EXPECT_EQ(store_.registration(), Registration::closed);
  const auto second = store_.register_user(new_user("bob"), origin);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, RefusalKind::forbidden);
  EXPECT_THAT(events(), ElementsAre("alice user.registered alice done"));
}

TEST_P(AccountStoreTest, OpenRegistrationMakesOrdinaryUsers) {
  auto store = store_with(true);
  ASSERT_TRUE(store.register_user(new_user("alice"), origin));
  EXPECT_EQ(store.registration(), Registration::open);
  EXPECT_EQ(store.register_user(new_user("bob", Role::admin), origin)->account.role, Role::user)
      << "nobody chooses his role";
  const auto taken = store.register_user(new_user("bob"), origin);
  EXPECT_EQ(taken.error().kind, RefusalKind::conflict);
  EXPECT_EQ(taken.error().field, "username");
}

TEST_P(AccountStoreTest, AnyAccountClosesTheFirstRegistration) {
  ASSERT_TRUE(users_.create(new_user("made"), audit::Actor::command_line()));
  EXPECT_EQ(store_.registration(), Registration::closed);
  EXPECT_EQ(store_.register_user(new_user("alice"), origin).error().kind, RefusalKind::forbidden);
}

TEST_P(AccountStoreTest, FiftyAtOnceMakeOneAdministrator) {
  std::atomic<int> made = 0;
  std::atomic<int> forbidden = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 50; ++i) {
      threads.emplace_back([&, i] {
        const auto registered = store_.register_user(new_user("user" + std::to_string(i)), origin);
        if (registered) {
          ++made;
        } else if (registered.error().kind == RefusalKind::forbidden) {
          ++forbidden;
        }
      });
    }
  }
  EXPECT_EQ(made, 1);
  EXPECT_EQ(forbidden, 49);
  const auto users = users_.list({}, by_name(500));
  ASSERT_EQ(users.total, 1);
  EXPECT_EQ(users.rows.at(0).role, Role::admin);
  EXPECT_EQ(events().size(), 1U);
}

TEST_P(AccountStoreTest, TwentyAtOnceMakeOneAdministratorAmongUsers) {
  auto store = store_with(true);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 20; ++i) {
      threads.emplace_back([&, i] { EXPECT_TRUE(store.register_user(new_user("user" + std::to_string(i)), origin)); });
    }
  }
  const auto users = users_.list({}, by_name(500)).rows;
  EXPECT_EQ(users.size(), 20U);
  EXPECT_EQ(std::count_if(users.begin(), users.end(), [](const Account& user) { return user.role == Role::admin; }), 1);
}

TEST_P(AccountStoreTest, SignsIn) {
  ASSERT_TRUE(store_.register_user(new_user("alice"), origin));
  const auto signed_in = store_.sign_in("ALICE", Secret("correct horse"), origin);
  ASSERT_TRUE(signed_in) << "capitals are folded";
  EXPECT_EQ(signed_in->account.username, name("alice"));
  const auto found = sessions_.find(signed_in->session.token);
  ASSERT_TRUE(found);
  store_.sign_out(*found, origin);
  EXPECT_FALSE(sessions_.find(signed_in->session.token));
  EXPECT_THAT(events(), ElementsAre("alice user.registered alice done", "alice session.created alice done",
                                    "alice session.ended alice done"));
}

TEST_P(AccountStoreTest, EveryRefusalOfASignInIsTheSame) {
  ASSERT_TRUE(store_.register_user(new_user("alice"), origin));
  ASSERT_TRUE(users_.create(new_user("bob"), audit::Actor::command_line()));
  disable("bob");
  const auto wrong = store_.sign_in("alice", Secret("wrong horse"), origin);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, RefusalKind::unauthenticated);
  EXPECT_EQ(store_.sign_in("ghost", Secret("correct horse"), origin).error(), wrong.error());
  EXPECT_EQ(store_.sign_in("bob", Secret("correct horse"), origin).error(), wrong.error()) << "disabled";
  EXPECT_EQ(store_.sign_in("", Secret(""), origin).error(), wrong.error());
  EXPECT_EQ(store_.sign_in("alice ", Secret("correct horse"), origin).error(), wrong.error());
  EXPECT_EQ(store_.sign_in("alice", Secret("\xff"), origin).error(), wrong.error());
}

TEST_P(AccountStoreTest, RefusedSignInsAreRecordedWithoutWhatWasTyped) {
  ASSERT_TRUE(store_.register_user(new_user("alice"), origin));
  EXPECT_FALSE(store_.sign_in("alice", Secret("My Wrong Password"), origin));
  EXPECT_FALSE(store_.sign_in("My Secret Password!", Secret("x"), origin));
  EXPECT_THAT(events(), ElementsAre("alice user.registered alice done", " session.created alice refused",
                                    " session.created (no user name) refused"));
  EXPECT_THAT(whole_record(), Not(HasSubstr("Password")));
  EXPECT_THAT(whole_record(), Not(HasSubstr("horse")));
}

TEST_P(AccountStoreTest, CreatesUsersAndGroups) {
  const auto actor = audit::Actor::command_line();
  ASSERT_TRUE(users_.create(new_user("bob"), actor));
  EXPECT_EQ(users_.create(new_user("bob"), actor).error().kind, RefusalKind::conflict);
  const auto label = Label::parse("builders").value();
  const auto unknown = groups_.create(label, {name("bob"), name("ghost")}, actor);
  EXPECT_EQ(unknown.error().field, "members[1]");
  const auto group = groups_.create(label, {name("bob")}, actor);
  ASSERT_TRUE(group);
  EXPECT_EQ(groups_.find(group->id)->members, (std::set<UserName>{name("bob")}));
  EXPECT_EQ(groups_.create(label, {}, actor).error().field, "name");
  EXPECT_EQ(store_.sign_in("bob", Secret("correct horse"), origin)->account.role, Role::user);
  EXPECT_EQ(events().size(), 3U) << "refusals of changes leave nothing";
}

TEST_P(AccountStoreTest, ListsByNameAndTakesTheSearchLiterally) {
  for (const auto* username : {"a_c", "abc", "b-c"}) {
    ASSERT_TRUE(users_.create(new_user(username), audit::Actor::command_line()));
  }
  const auto names = [&](const std::string& search, const std::string& after = "", std::size_t limit = 10) {
    std::vector<std::string> found;
    for (const auto& user : users_.list({.search = search}, by_name(limit, after)).rows)
      found.push_back(user.username.str());
    return found;
  };
  EXPECT_THAT(names(""), ElementsAre("a_c", "abc", "b-c"));
  EXPECT_THAT(names("_"), ElementsAre("a_c"));
  EXPECT_THAT(names("%"), ElementsAre());
  EXPECT_THAT(names("", "a_c"), ElementsAre("abc", "b-c"));
  EXPECT_THAT(names("", "", 1), ElementsAre("a_c", "abc")) << "one more, to know that there are more";
  EXPECT_EQ(users_.list({.search = "C"}, by_name(1)).total, 3);
}

TEST_P(AccountStoreTest, AnAccountWithoutItsEventIsNotMade) {
  database_.change_schema([](db::Session& session) { session.execute("ALTER TABLE activity RENAME TO away"); });
  EXPECT_THROW(static_cast<void>(store_.register_user(new_user("alice"), origin)), db::Error);
  EXPECT_EQ(store_.registration(), Registration::first);
}

INSTANTIATE_TEST_SUITE_P(Engines, AccountStoreTest, db::every_engine(), db::engine_name);

}  // namespace
}  // namespace spectacles::accounts
