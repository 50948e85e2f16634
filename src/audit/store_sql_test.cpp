#include "audit/store_sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/recorder.h"
#include "db/migrate.h"
#include "db/test_folder.h"

namespace spectacles::audit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ActivityTest : public testing::Test {
 protected:
  ActivityTest() {
    const Actor alice{.id = AccountId(1), .name = "alice", .address = "192.0.2.1"};
    const Actor bob{.id = AccountId(2), .name = "bob", .address = "192.0.2.2"};
    record(alice, {.action = "namespace.created", .subject = "main: Team", .ns = NamespaceId(7)});
    record(bob, {.action = "namespace.changed", .subject = "main: team_2", .ns = NamespaceId(8)});
    record({.id = {}, .name = "", .address = "192.0.2.2"},
           {.action = "session.created", .subject = "bob", .outcome = Outcome::refused});
    record(bob, {.action = "session.created", .subject = "bob"});
    record(bob, {.action = "sessions_of_no_kind.x", .subject = "100%"});
  }

  void record(const Actor& actor, const Event& event) {
    database_.write([&](db::Session& session) { recorder_.record(session, actor, event); });
    clock_.advance(std::chrono::seconds(1));
  }

  std::vector<std::int64_t> ids(const EventFilter& filter, bool descending = true,
                                const std::vector<std::string>& after = {}) {
    const auto listed = activity_.list(filter, {.limit = 3, .after = after, .order = {"at", descending}});
    std::vector<std::int64_t> found;
    for (const auto& event : listed.rows) found.push_back(event.id);
    return found;
  }

  db::TestFolder folder_;
  db::Database database_{folder_.options()};
  const int migrated_ = db::migrate(database_, db::sqlite_migrations());
  ManualClock clock_{from_millis(1'000'000)};
  Recorder recorder_{clock_};
  ActivityStore activity_{database_};
};

TEST_F(ActivityTest, IsListedBothWaysFromAnyPlace) {
  EXPECT_THAT(ids({}), ElementsAre(5, 4, 3, 2)) << "one more, to know that there are more";
  EXPECT_THAT(ids({}, true, {"3"}), ElementsAre(2, 1));
  EXPECT_THAT(ids({}, false), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(ids({}, false, {"4"}), ElementsAre(5));
  EXPECT_EQ(activity_.list({}, {.limit = 1, .order = {"at", true}}).total, 5);
}

TEST_F(ActivityTest, FiltersHoldTogether) {
  EXPECT_THAT(ids({.actor = "bob"}), ElementsAre(5, 4, 2));
  EXPECT_THAT(ids({.actor = ""}), ElementsAre(3));
  EXPECT_THAT(ids({.actor_id = AccountId(1)}), ElementsAre(1));
  EXPECT_THAT(ids({.kind = "session"}), ElementsAre(4, 3));
  EXPECT_THAT(ids({.action = "session.created", .outcome = Outcome::refused}), ElementsAre(3));
  EXPECT_THAT(ids({.address = "192.0.2.2"}), ElementsAre(5, 4, 3, 2));
  EXPECT_THAT(ids({.ns = NamespaceId(7)}), ElementsAre(1));
  EXPECT_THAT(ids({.search = "tEAM"}), ElementsAre(2, 1));
  EXPECT_THAT(ids({.search = "_"}), ElementsAre(2));
  EXPECT_THAT(ids({.search = "%"}), ElementsAre(5));
  EXPECT_THAT(ids({.actor = "alice", .kind = "session"}), IsEmpty());
}

TEST_F(ActivityTest, TimesAreFromOneOnAndBeforeTheOther) {
  const auto second = from_millis(1'001'000);
  EXPECT_THAT(ids({.since = second, .until = from_millis(1'003'000)}), ElementsAre(3, 2));
  EXPECT_THAT(ids({.until = second}), ElementsAre(1));
}

}  // namespace
}  // namespace spectacles::audit
