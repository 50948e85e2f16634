#include "accounts/groups_sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "accounts/rows_sql.h"
#include "db/migrate.h"
#include "db/test_folder.h"

namespace spectacles::accounts {
namespace {

using testing::ElementsAre;

const auto any = audit::ExpectedRevision::any();
const auto actor = audit::Actor::command_line();

UserName name(const std::string& text) {
  return UserName::parse(text).value();
}

Label label(const std::string& text) {
  return Label::parse(text).value();
}

class GroupStoreTest : public testing::Test {
 protected:
  GroupStoreTest() {
    database_.write([&](db::Session& session) {
      for (const auto* username : {"alice", "bob"}) {
        rows::insert_account(session, {.username = name(username), .email = {}, .password_hash = "x"}, clock_.now());
      }
    });
  }

  std::int64_t count_events() {
    return database_.read(
        [](db::Session& session) { return session.single<std::int64_t>("SELECT count(*) FROM activity"); });
  }

  db::TestFolder folder_;
  db::Database database_{folder_.options()};
  const int migrated_ = db::migrate(database_, db::sqlite_migrations());
  ManualClock clock_{from_millis(1'000'000)};
  audit::Recorder recorder_{clock_};
  GroupStore groups_{database_, recorder_, clock_};
  GroupId crew_ = groups_.create(label("crew"), {}, actor).value().id;
};

TEST_F(GroupStoreTest, ChangesNameAndMembers) {
  const auto changed =
      groups_.change(crew_, {.name = label("Ünïcode 名"), .members = {{name("bob"), name("alice")}}}, any, actor);
  ASSERT_TRUE(changed) << changed.error().text;
  EXPECT_EQ(groups_.find(crew_)->name, label("Ünïcode 名"));
  EXPECT_THAT(groups_.find(crew_)->members, ElementsAre(name("alice"), name("bob")));
  EXPECT_EQ(groups_.change(crew_, {.members = {{name("bob"), name("ghost")}}}, any, actor).error().field, "members[1]");
  ASSERT_TRUE(groups_.create(label("other"), {}, actor));
  EXPECT_EQ(groups_.change(crew_, {.name = label("other")}, any, actor).error().kind, RefusalKind::conflict);
  EXPECT_EQ(groups_.find(crew_)->members.size(), 2U);
}

TEST_F(GroupStoreTest, OneMemberAtATimeAndTwiceIsOnce) {
  const auto set = [&](const char* user, GroupStore::Membership membership) {
    return groups_.set_member(crew_, name(user), membership, actor);
  };
  const auto before = count_events();
  ASSERT_TRUE(set("bob", GroupStore::Membership::member));
  ASSERT_TRUE(set("bob", GroupStore::Membership::member));
  EXPECT_THAT(groups_.find(crew_)->members, ElementsAre(name("bob")));
  ASSERT_TRUE(set("bob", GroupStore::Membership::none));
  ASSERT_TRUE(set("alice", GroupStore::Membership::none));
  EXPECT_TRUE(groups_.find(crew_)->members.empty());
  EXPECT_EQ(count_events(), before + 2);
  EXPECT_EQ(set("ghost", GroupStore::Membership::member).error().kind, RefusalKind::not_found);
  EXPECT_EQ(groups_.set_member(GroupId(99), name("bob"), GroupStore::Membership::member, actor).error().kind,
            RefusalKind::not_found);
}

TEST_F(GroupStoreTest, AStaleRevisionChangesNothing) {
  const auto seen = audit::ExpectedRevision({{revision_of(groups_.find(crew_).value()).value()}});
  ASSERT_TRUE(groups_.set_member(crew_, name("bob"), GroupStore::Membership::member, actor));
  EXPECT_EQ(groups_.change(crew_, {.name = label("late")}, seen, actor).error().kind, RefusalKind::stale);
  EXPECT_EQ(groups_.remove(crew_, seen, actor).error().kind, RefusalKind::stale);
  EXPECT_TRUE(groups_.change(crew_, {.members = {{name("bob")}}}, seen, actor)) << "was made already";
  EXPECT_TRUE(groups_.remove(crew_, any, actor));
  EXPECT_EQ(groups_.remove(crew_, any, actor).error().kind, RefusalKind::not_found);
}

TEST_F(GroupStoreTest, ListsInBothOrders) {
  clock_.advance(std::chrono::seconds(1));
  ASSERT_TRUE(groups_.create(label("Alpha"), {name("bob")}, actor));
  const auto names = [&](const std::string& search, const Order& order) {
    std::vector<std::string> found;
    for (const auto& group : groups_.list(search, {.limit = 10, .order = order}).rows)
      found.push_back(group.name.str());
    return found;
  };
  EXPECT_THAT(names("", {"name"}), ElementsAre("Alpha", "crew"));
  EXPECT_THAT(names("", {"created_at", true}), ElementsAre("Alpha", "crew"));
  EXPECT_THAT(names("", {"created_at", false}), ElementsAre("crew", "Alpha"));
  EXPECT_THAT(names("aLPH", {"name"}), ElementsAre("Alpha"));
  EXPECT_THAT(groups_.list("", {.limit = 10, .order = {"name"}}).rows.at(0).members, ElementsAre(name("bob")));
}

}  // namespace
}  // namespace spectacles::accounts
