#include "audit/decisions_sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/decision_retention_sql.h"
#include "audit/decision_writer_sql.h"
#include "db/migrate.h"
#include "db/test_database.h"

namespace spectacles::audit {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr ActionSet pull{Action::pull};
constexpr ActionSet both{Action::pull, Action::push};
const Time midnight = from_millis(1'767'225'600'000);  // 2026-01-01T00:00:00Z

Decision refusal(const std::string& user, const std::string& repository, Time at) {
  return {.at = at,
          .last_at = at,
          .count = 1,
          .verdict = Verdict::refused,
          .account = user.empty() ? std::nullopt : std::optional(AccountId(user.front())),
          .user = user,
          .registry_id = RegistryId(1),
          .registry = "main",
          .ns_id = {},
          .ns = "",
          .repository = repository,
          .requested = both,
          .granted = pull,
          .rule = "other",
          .reason = "so it is",
          .passed_over = {},
          .address = "192.0.2.1",
          .client = ""};
}

class DecisionStoreTest : public db::OnEveryEngine {
 protected:
  // Refusals with the ids 1 to 6; the last three of them at one time.
  DecisionStoreTest() {
    auto first = refusal("alice", "team/App_1", midnight);
    first.ns_id = NamespaceId(1);
    first.ns = "team";
    auto second = refusal("bob", "team/app", midnight + 1s);
    second.rule = "none";
    second.registry = "third";
    auto third = refusal("", "open/app", midnight + 2s);
    third.requested = ActionSet{Action::del};
    third.granted = {};
    third.address = "192.0.2.9";
    auto grant = refusal("bob", "team/app", midnight + 3s);
    grant.verdict = Verdict::granted;
    grant.requested = grant.granted = pull;
    grant.count = 12;
    write({first, second, third, grant, refusal("bob", "x", midnight + 3s), refusal("carol", "x", midnight + 3s)});
  }

  void write(const std::vector<Decision>& decisions) {
    for (const auto& decision : decisions) writer_.write(std::span(&decision, 1), {});
  }
  static std::vector<std::int64_t> ids_of(const std::vector<RecordedDecision>& decisions) {
    std::vector<std::int64_t> ids;
    for (const auto& decision : decisions) ids.push_back(decision.id);
    return ids;
  }
  std::vector<std::int64_t> ids(const DecisionFilter& filter) {
    EXPECT_EQ(store_.count(filter),
              static_cast<std::int64_t>(store_.page(filter, {.limit = 99, .order = {"at"}}).size()));
    return ids_of(store_.page(filter, {.limit = 99, .order = {"at", true}}));
  }
  // All, in pages of `limit`.
  std::vector<std::int64_t> paged(const DecisionFilter& filter, std::size_t limit, bool descending) {
    std::vector<std::int64_t> all;
    PageRequest page{.limit = limit, .order = {"at", descending}};
    for (bool more = true; more;) {
      auto rows = store_.page(filter, page);
      more = rows.size() > limit;
      if (more) rows.pop_back();
      for (const auto id : ids_of(rows)) all.push_back(id);
      if (more) page.after = key_of_decision(rows.back());
    }
    return all;
  }

  db::Database database_{options()};
  const int migrated_ = db::migrate(database_);
  DecisionWriter writer_{database_};
  DecisionStore store_{database_};
};

TEST_P(DecisionStoreTest, IsPagedBothWaysAlsoAmongEqualTimes) {
  for (const std::size_t limit : {1U, 2U, 3U, 5U, 6U, 9U}) {
    EXPECT_THAT(paged({}, limit, true), ElementsAre(6, 5, 4, 3, 2, 1)) << limit;
    EXPECT_THAT(paged({}, limit, false), ElementsAre(1, 2, 3, 4, 5, 6)) << limit;
    EXPECT_THAT(paged({.verdict = Verdict::refused}, limit, true), ElementsAre(6, 5, 3, 2, 1)) << limit;
    EXPECT_THAT(paged({.user = "bob"}, limit, true), ElementsAre(5, 4, 2)) << limit;
  }
}

TEST_P(DecisionStoreTest, FiltersHoldTogether) {
  EXPECT_THAT(ids({.account_id = AccountId('b')}), ElementsAre(5, 4, 2));
  EXPECT_THAT(ids({.user = ""}), ElementsAre(3));
  EXPECT_THAT(ids({.verdict = Verdict::granted}), ElementsAre(4));
  EXPECT_THAT(ids({.registry = "third"}), ElementsAre(2));
  EXPECT_THAT(ids({.repository = "team/app"}), ElementsAre(4, 2));
  EXPECT_THAT(ids({.repository = "TEAM/app"}), IsEmpty());
  EXPECT_THAT(ids({.ns = NamespaceId(1)}), ElementsAre(1));
  EXPECT_THAT(ids({.rule = "none"}), ElementsAre(2));
  EXPECT_THAT(ids({.action = "push"}), ElementsAre(6, 5, 2, 1));
  EXPECT_THAT(ids({.action = "delete"}), ElementsAre(3));
  EXPECT_THAT(ids({.address = "192.0.2.9"}), ElementsAre(3));
  EXPECT_THAT(ids({.since = midnight + 1s, .until = midnight + 3s}), ElementsAre(3, 2));
  EXPECT_THAT(ids({.search = "APP"}), ElementsAre(4, 3, 2, 1));
  EXPECT_THAT(ids({.search = "_"}), ElementsAre(1));
  EXPECT_THAT(ids({.search = "arol"}), ElementsAre(6));
  EXPECT_THAT(ids({.user = "bob", .verdict = Verdict::refused, .repository = "team/app"}), ElementsAre(2));
}

TEST_P(DecisionStoreTest, CountsNoFurtherThanItSays) {
  std::vector<Decision> many(static_cast<std::size_t>(DecisionStore::most_counted) + 5, refusal("dave", "y", midnight));
  writer_.write(many, {});
  EXPECT_EQ(store_.count({}), DecisionStore::most_counted);
  EXPECT_EQ(store_.count({.user = "bob"}), 3);
}

TEST_P(DecisionStoreTest, SumsUpByHours) {
  write({refusal("dave", "y", midnight + 2h)});
  writer_.write({}, {{midnight, 4}, {midnight + 1h, 3}});
  writer_.write({}, {{midnight, 1}});
  const auto summary = store_.summarise({.since = midnight, .until = midnight + 3h}, 1h);
  ASSERT_THAT(summary.buckets, SizeIs(3));
  EXPECT_EQ(summary.buckets[0].granted, 12);
  EXPECT_EQ(summary.buckets[0].refused, 5);
  EXPECT_EQ(summary.buckets[1].at, midnight + 1h);
  EXPECT_EQ(summary.buckets[1].granted + summary.buckets[1].refused, 0);
  EXPECT_EQ(summary.buckets[2].refused, 1);
  EXPECT_EQ(summary.dropped, 8);
  const auto day = store_.summarise({.user = "dave", .since = midnight - 1h, .until = midnight + 23h}, 24h);
  ASSERT_THAT(day.buckets, SizeIs(2));
  EXPECT_EQ(day.buckets[1].refused, 1);
}

TEST_P(DecisionStoreTest, NamesTheOwnerOfTheNamespaceBeforeTheAdministrators) {
  database_.write([](db::Session& session) {
    for (const auto* line : {"'zoe', 'admin', 0", "'gone', 'admin', 1", "'adam', 'admin', 0", "'olga', 'user', 0"}) {
      session.execute(
          std::string(
              "INSERT INTO account (username, role, disabled, password_hash, created_at, changed_at) VALUES (") +
          std::string(line).insert(std::string(line).size(), ", 'x', 0, 0)"));
    }
    session.execute(
        "INSERT INTO registry (name, url, public_host, service, key_mode, created_at, changed_at) "
        "VALUES ('main', 'http://r', 'r', 's', 'x5c', 0, 0)");
    session.execute(
        "INSERT INTO namespace (registry_id, name, owner_id, description, member_access, group_access, other_access, "
        "anonymous_access, created_at, changed_at) VALUES (1, 'team', 4, '', 'NONE', 'NONE', 'NONE', 'NONE', 0, 0)");
  });
  const auto all = store_.page({}, {.limit = 99, .order = {"at"}});
  EXPECT_THAT(all.at(0).who_can_grant, ElementsAre("olga", "adam", "zoe"));
  EXPECT_THAT(all.at(1).who_can_grant, ElementsAre("adam", "zoe")) << "no namespace";
  EXPECT_THAT(all.at(3).who_can_grant, IsEmpty()) << "granted";
}

TEST_P(DecisionStoreTest, WhatIsTooOldOrTooMuchGoesInSmallPieces) {
  constexpr auto most = static_cast<std::size_t>(DecisionRetention::most_at_once);
  std::vector<Decision> old(most + 50, refusal("dave", "y", midnight - 24h));
  writer_.write(old, {{midnight - 24h, 4}});
  ManualClock clock(midnight + 1h);
  DecisionRetention by_age(database_, clock, {.age = std::chrono::days(1), .rows = 1'000'000});
  EXPECT_TRUE(by_age.remove_some());
  EXPECT_EQ(store_.count({}), 56);
  EXPECT_FALSE(by_age.remove_some());
  EXPECT_THAT(ids({}), ElementsAre(6, 5, 4, 3, 2, 1)) << "what is young enough stays";
  EXPECT_FALSE(by_age.remove_some());
  EXPECT_EQ(store_.summarise({.since = midnight - 48h, .until = midnight}, 1h).dropped, 0);

  std::vector<Decision> young(1200, refusal("dave", "z", midnight + 1h));
  writer_.write(young, {});
  DecisionRetention by_rows(database_, clock, {.age = std::chrono::days(1), .rows = 1000});
  while (by_rows.remove_some()) {
  }
  EXPECT_EQ(store_.count({}), 1000);
  EXPECT_EQ(store_.count({.repository = "z"}), 1000) << "the newest stay";
}

INSTANTIATE_TEST_SUITE_P(Engines, DecisionStoreTest, db::every_engine(), db::engine_name);

}  // namespace
}  // namespace spectacles::audit
