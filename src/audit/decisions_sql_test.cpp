#include "audit/decisions_sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "audit/decision_retention_sql.h"
#include "audit/decision_settler_sql.h"
#include "audit/decision_writer_sql.h"
#include "audit/statistics_sql.h"
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

// What was decided for a test, which knows each by a number that stands as its client.
struct Case {
  std::string number;
  Decided decided;
  Time at;
  int times = 1;
};

Case refusal(std::string number, std::string_view user, std::string_view repository, Time at) {
  return {.number = std::move(number),
          .decided = {.account = user.empty() ? std::nullopt : std::optional(AccountId(user.front())),
                      .user = user,
                      .registry_id = RegistryId(1),
                      .registry = "main",
                      .repository = repository,
                      .requested = both,
                      .granted = pull,
                      .rule = "other",
                      .reason = "so it is",
                      .address = "192.0.2.1"},
          .at = at};
}

class DecisionStoreTest : public db::OnEveryEngine {
 protected:
  // Three of the hour before midnight, then three of one moment.
  DecisionStoreTest() {
    auto first = refusal("1", "alice", "team/App_1", midnight - 3s);
    first.decided.ns_id = NamespaceId(1);
    first.decided.ns = "team";
    auto second = refusal("2", "bob", "team/app", midnight - 2s);
    second.decided.rule = "none";
    second.decided.registry = "third";
    auto third = refusal("3", "", "open/app", midnight - 1s);
    third.decided.requested = ActionSet{Action::del};
    third.decided.granted = {};
    third.decided.address = "192.0.2.9";
    auto grant = refusal("4", "bob", "team/app", midnight);
    grant.decided.requested = grant.decided.granted = pull;
    grant.times = 12;
    for (const auto& each :
         {first, second, third, grant, refusal("5", "bob", "x", midnight), refusal("6", "carol", "x", midnight)}) {
      write({each});
    }
  }

  void write(const std::vector<Case>& cases) {
    std::vector<WaitingDecision> decisions;
    decisions.reserve(cases.size());
    for (const auto& [number, each, at, times] : cases) {
      auto decided = each;
      decided.client = number;
      const bool granted = decided.verdict() == Verdict::granted;
      auto& waiting =
          decisions.emplace_back(decided, at, granted ? std::optional(GrantKey::of(decided, at)) : std::nullopt);
      for (int i = 1; i < times; ++i) waiting.add(decided, at);
    }
    std::vector<const WaitingDecision*> pointers;
    for (const auto& decision : decisions) pointers.push_back(&decision);
    writer_.write(pointers, {});
  }
  // Moves what is settled at that time.
  void settle(Time now) {
    const ManualClock clock(now);
    DecisionSettler settler(database_, clock);
    while (settler.settle_some()) {
    }
  }
  // Runs `check` while all are fresh, some are, and none is.
  void in_every_state(const std::function<void()>& check) {
    for (const auto& [state, now] :
         {std::pair("fresh", midnight), {"half", midnight + 2min}, {"settled", midnight + 2h}}) {
      const testing::ScopedTrace trace(__FILE__, __LINE__, state);
      settle(now);
      check();
    }
  }

  static std::vector<int> numbers_of(const std::vector<RecordedDecision>& decisions) {
    std::vector<int> numbers;
    for (const auto& [id, decision, who] : decisions) numbers.push_back(std::stoi(decision.client));
    return numbers;
  }
  std::vector<int> found(const DecisionFilter& filter) {
    const auto page = store_.page(filter, {.limit = 99, .order = {"at", true}});
    EXPECT_EQ(store_.count(filter).count, static_cast<std::int64_t>(page.rows.size()));
    EXPECT_FALSE(store_.count(filter).is_minimum);
    EXPECT_FALSE(page.next);
    return numbers_of(page.rows);
  }
  // All, in pages of `limit`.
  static std::vector<int> paged(DecisionStore& store, const DecisionFilter& filter, std::size_t limit,
                                bool descending) {
    std::vector<int> all;
    PageRequest request{.limit = limit, .order = {"at", descending}};
    while (true) {
      const auto page = store.page(filter, request);
      EXPECT_LE(page.rows.size(), limit);
      for (const auto number : numbers_of(page.rows)) all.push_back(number);
      if (!page.next) return all;
      request.after = *page.next;
    }
  }

  db::Database database_{options()};
  const int migrated_ = db::migrate(database_);
  DecisionWriter writer_{database_};
  DecisionStore store_{database_};
};

TEST_P(DecisionStoreTest, IsPagedBothWaysAlsoAmongEqualTimes) {
  in_every_state([&] {
    for (const std::size_t limit : {1U, 2U, 3U, 5U, 6U, 9U}) {
      EXPECT_THAT(paged(store_, {}, limit, true), ElementsAre(6, 5, 4, 3, 2, 1)) << limit;
      EXPECT_THAT(paged(store_, {}, limit, false), ElementsAre(1, 2, 3, 4, 5, 6)) << limit;
      EXPECT_THAT(paged(store_, {.verdict = Verdict::refused}, limit, true), ElementsAre(6, 5, 3, 2, 1)) << limit;
      EXPECT_THAT(paged(store_, {.user = "bob"}, limit, true), ElementsAre(5, 4, 2)) << limit;
    }
  });
}

TEST_P(DecisionStoreTest, APageThatLooksAtFewRowsSaysWhereTheNextBegins) {
  DecisionStore hasty(database_, 2);
  in_every_state([&] {
    for (const bool descending : {true, false}) {
      const auto expect = [&](const DecisionFilter& filter, std::vector<int> numbers) {
        if (!descending) std::reverse(numbers.begin(), numbers.end());
        EXPECT_EQ(paged(hasty, filter, 2, descending), numbers);
      };
      expect({.search = "app_"}, {1});
      expect({.search = "nothing"}, {});
      expect({.rule = "other"}, {6, 5, 4, 3, 1});
      expect({.verdict = Verdict::granted}, {4});
      expect({.user = "bob", .rule = "other"}, {5, 4});
      expect({.rule = "other", .since = midnight - 2s, .until = midnight}, {3});
    }
    const auto first = hasty.page({.search = "app_"}, {.limit = 2, .order = {"at", true}});
    EXPECT_THAT(first.rows, IsEmpty());
    EXPECT_TRUE(first.next);
    EXPECT_TRUE(hasty.count({.search = "app_"}).is_minimum);
    EXPECT_EQ(hasty.count({}).count, 6) << "what an index finds is counted";
  });
}

TEST_P(DecisionStoreTest, FiltersHoldTogether) {
  in_every_state([&] {
    EXPECT_THAT(found({.account_id = AccountId('b')}), ElementsAre(5, 4, 2));
    EXPECT_THAT(found({.user = ""}), ElementsAre(3));
    EXPECT_THAT(found({.verdict = Verdict::granted}), ElementsAre(4));
    EXPECT_THAT(found({.registry = "third"}), ElementsAre(2));
    EXPECT_THAT(found({.repository = "team/app"}), ElementsAre(4, 2));
    EXPECT_THAT(found({.repository = "TEAM/app"}), IsEmpty());
    EXPECT_THAT(found({.ns = NamespaceId(1)}), ElementsAre(1));
    EXPECT_THAT(found({.rule = "none"}), ElementsAre(2));
    EXPECT_THAT(found({.action = "push"}), ElementsAre(6, 5, 2, 1));
    EXPECT_THAT(found({.action = "delete"}), ElementsAre(3));
    EXPECT_THAT(found({.address = "192.0.2.9"}), ElementsAre(3));
    EXPECT_THAT(found({.since = midnight - 2s, .until = midnight}), ElementsAre(3, 2));
    EXPECT_THAT(found({.search = "APP"}), ElementsAre(4, 3, 2, 1));
    EXPECT_THAT(found({.search = "_"}), ElementsAre(1));
    EXPECT_THAT(found({.search = "arol"}), ElementsAre(6));
    EXPECT_THAT(found({.user = "bob", .verdict = Verdict::refused, .repository = "team/app"}), ElementsAre(2));
  });
}

TEST_P(DecisionStoreTest, RefusalsAreFollowedAsTheyCome) {
  const auto newest = store_.newest_fresh();
  EXPECT_THAT(numbers_of(store_.fresh_refusals({0, newest}, 99)), ElementsAre(1, 2, 3, 5, 6));
  EXPECT_THAT(store_.fresh_refusals({0, newest}, 2), SizeIs(3)) << "one more, to know that there are more";
  write({refusal("7", "dave", "y", midnight)});
  EXPECT_THAT(numbers_of(store_.fresh_refusals({newest, store_.newest_fresh()}, 99)), ElementsAre(7));
  settle(midnight + 2h);
  EXPECT_EQ(store_.newest_fresh(), 0);
  write({refusal("8", "dave", "y", midnight + 2h)});
  EXPECT_THAT(numbers_of(store_.fresh_refusals({0, store_.newest_fresh()}, 99)), ElementsAre(8));
}

TEST_P(DecisionStoreTest, CountsTrafficWhereverDecisionsAre) {
  auto pulled = refusal("7", "dave", "y", midnight);
  pulled.decided.requested = pulled.decided.granted = pull;
  pulled.times = 3;
  write({pulled});
  Statistics statistics(database_);
  in_every_state([&] {
    const auto all = statistics.traffic({}, midnight - 1h, midnight + 1h, 1h);
    ASSERT_THAT(all, SizeIs(2));
    EXPECT_EQ(all[0].pulls, 0);
    EXPECT_EQ(all[0].refusals, 3);
    EXPECT_EQ(all[1].pulls, 15);
    EXPECT_EQ(all[1].refusals, 2);
    const auto alice = statistics.traffic({.account = AccountId('a')}, midnight - 1h, midnight + 1h, 1h);
    EXPECT_EQ(alice[0].refusals, 1);
  });
}

TEST_P(DecisionStoreTest, CountsNoFurtherThanItSays) {
  write(std::vector<Case>(static_cast<std::size_t>(DecisionStore::most_counted) + 5,
                          refusal("7", "dave", "y", midnight)));
  EXPECT_EQ(store_.count({}).count, DecisionStore::most_counted);
  EXPECT_TRUE(store_.count({}).is_minimum);
  EXPECT_EQ(store_.count({.user = "bob"}).count, 3);
}

TEST_P(DecisionStoreTest, SumsUpByHours) {
  write({refusal("7", "dave", "y", midnight + 1h)});
  writer_.write({}, {{midnight - 1h, 4}, {midnight, 3}});
  writer_.write({}, {{midnight - 1h, 1}});
  in_every_state([&] {
    const auto summary = store_.summarise({.since = midnight - 1h, .until = midnight + 2h}, 1h);
    ASSERT_THAT(summary.buckets, SizeIs(3));
    EXPECT_EQ(summary.buckets[0].granted, 0);
    EXPECT_EQ(summary.buckets[0].refused, 3);
    EXPECT_EQ(summary.buckets[1].at, midnight);
    EXPECT_EQ(summary.buckets[1].granted, 12);
    EXPECT_EQ(summary.buckets[1].refused, 2);
    EXPECT_EQ(summary.buckets[2].refused, 1);
    EXPECT_EQ(summary.dropped, 8);
    const auto day = store_.summarise({.user = "dave", .since = midnight - 1h, .until = midnight + 23h}, 24h);
    ASSERT_THAT(day.buckets, SizeIs(2));
    EXPECT_EQ(day.buckets[1].refused, 1);
  });
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
  const auto all = store_.page({}, {.limit = 99, .order = {"at"}}).rows;
  EXPECT_THAT(all.at(0).who_can_grant, ElementsAre("olga", "adam", "zoe"));
  EXPECT_THAT(all.at(1).who_can_grant, ElementsAre("adam", "zoe")) << "no namespace";
  EXPECT_THAT(all.at(3).who_can_grant, IsEmpty()) << "granted";
}

TEST_P(DecisionStoreTest, WhatIsTooOldOrTooMuchGoesInSmallPieces) {
  constexpr auto most = static_cast<std::size_t>(DecisionRetention::most_at_once);
  write(std::vector<Case>(most + 50, refusal("7", "dave", "y", midnight - 24h)));
  writer_.write({}, {{midnight - 24h, 4}});
  settle(midnight + 2h);
  ManualClock clock(midnight + 1h);
  DecisionRetention by_age(database_, clock, {.age = std::chrono::days(1), .rows = 1'000'000});
  EXPECT_TRUE(by_age.remove_some());
  EXPECT_EQ(store_.count({}).count, 56);
  EXPECT_FALSE(by_age.remove_some());
  EXPECT_THAT(found({}), ElementsAre(6, 5, 4, 3, 2, 1)) << "what is young enough stays";
  EXPECT_FALSE(by_age.remove_some());
  EXPECT_EQ(store_.summarise({.since = midnight - 48h, .until = midnight}, 1h).dropped, 0);

  write(std::vector<Case>(1200, refusal("8", "dave", "z", midnight + 1h)));
  settle(midnight + 3h);
  DecisionRetention by_rows(database_, clock, {.age = std::chrono::days(1), .rows = 1000});
  while (by_rows.remove_some()) {
  }
  EXPECT_LE(store_.count({}).count, 1000);
  EXPECT_GE(store_.count({.repository = "z"}).count, 500) << "the newest stay";
  EXPECT_EQ(store_.count({}).count, store_.count({.repository = "z"}).count);
}

INSTANTIATE_TEST_SUITE_P(Engines, DecisionStoreTest, db::every_engine(), db::engine_name);

}  // namespace
}  // namespace spectacles::audit
