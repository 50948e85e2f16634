#include "audit/decision_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "audit/decision_settler_sql.h"
#include "audit/decisions_sql.h"
#include "db/migrate.h"
#include "db/test_database.h"

namespace spectacles::audit {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

constexpr ActionSet pull{Action::pull};
constexpr ActionSet both{Action::pull, Action::push};

class DecisionLogTest : public db::OnEveryEngine {
 protected:
  static Decided decided(std::string_view user, std::string_view repository, ActionSet requested, ActionSet granted) {
    return {.account = AccountId(7),
            .user = user,
            .registry_id = RegistryId(1),
            .registry = "main",
            .ns_id = NamespaceId(3),
            .ns = "team",
            .repository = repository,
            .requested = requested,
            .granted = granted,
            .rule = "member",
            .reason = "the namespace team gives READ to its members",
            .passed_over =
                [] {
                  return std::vector<Finding>{{"admin", "not an administrator"}};
                },
            .address = "192.0.2.1",
            .client = "docker"};
  }
  void grant(std::string_view user, std::string_view repository = "team/app") {
    log_.record(decided(user, repository, pull, pull));
  }

  std::vector<RecordedDecision> all(const DecisionFilter& filter = {}) {
    return store_.page(filter, {.limit = 500, .order = {"at", true}}).rows;
  }
  // "alice team/app 3" and the like.
  std::vector<std::string> counts() {
    std::vector<std::string> lines;
    for (const auto& [id, decision, who] : all()) {
      lines.push_back(fmt::format("{} {} {}", decision.user, decision.repository, decision.count));
    }
    return lines;
  }
  void rename(const std::string& from, const std::string& to) {
    database_.change_schema([&](db::Session& session) { session.execute("ALTER TABLE " + from + " RENAME TO " + to); });
  }
  std::int64_t dropped() {
    return store_.summarise({.since = clock_.now() - 24h, .until = clock_.now() + 1h}, 1h).dropped;
  }

  db::Database database_{options()};
  const int migrated_ = db::migrate(database_);
  ManualClock clock_{from_millis(1'767'225'600'000)};  // 2026-01-01T00:00:00Z
  DecisionWriter writer_{database_};
  DecisionStore store_{database_};
  // Room for five of either kind.
  static std::size_t bytes_of(const Decided& decided, const std::optional<GrantKey>& key) {
    return WaitingDecision(decided, {}, key).bytes();
  }
  const std::size_t refusal_bytes_ = bytes_of(decided("user0", "team/app", both, pull), {});
  const std::size_t grant_bytes_ = bytes_of(decided("user0", "team/app", pull, pull), GrantKey());
  DecisionLog log_{
      writer_, clock_, {.most_refusal_bytes = 4 * refusal_bytes_ + 1, .most_grant_bytes = 4 * grant_bytes_ + 1}};
};

TEST_P(DecisionLogTest, KeepsARefusalWhole) {
  log_.record(decided("alice", "team/app", both, pull));
  log_.flush();
  const auto found = all();
  ASSERT_THAT(found, SizeIs(1));
  const auto& decision = found[0].decision;
  EXPECT_EQ(decision.verdict, Verdict::refused);
  EXPECT_EQ(decision.at, clock_.now());
  EXPECT_EQ(decision.account, AccountId(7));
  EXPECT_EQ(decision.user, "alice");
  EXPECT_EQ(decision.registry, "main");
  EXPECT_EQ(decision.ns_id, NamespaceId(3));
  EXPECT_EQ(decision.ns, "team");
  EXPECT_EQ(decision.repository, "team/app");
  EXPECT_EQ(decision.requested, both);
  EXPECT_EQ(decision.granted, pull);
  EXPECT_EQ(decision.rule, "member");
  EXPECT_EQ(decision.reason, "the namespace team gives READ to its members");
  EXPECT_THAT(decision.passed_over, ElementsAre(Finding{"admin", "not an administrator"}));
  EXPECT_EQ(decision.address, "192.0.2.1");
  EXPECT_EQ(decision.client, "docker");
}

TEST_P(DecisionLogTest, SumsUpEqualGrantsOfAnHourOverAnyNumberOfBatches) {
  for (int batch = 0; batch < 3; ++batch) {
    grant("alice");
    grant("alice");
    grant("bob");
    log_.flush();
    clock_.advance(1min);
  }
  EXPECT_THAT(counts(), UnorderedElementsAre("bob team/app 3", "alice team/app 6"));
  const auto alice = all({.user = "alice"}).at(0).decision;
  EXPECT_EQ(alice.last_at - alice.at, 2min);
  clock_.advance(1h);
  grant("alice");
  log_.flush();
  EXPECT_THAT(counts(), UnorderedElementsAre("alice team/app 1", "bob team/app 3", "alice team/app 6"));
}

TEST_P(DecisionLogTest, ASumSaysWhatTheLastGrantSaid) {
  grant("alice");
  log_.flush();
  auto changed = decided("alice", "team/app", pull, pull);
  changed.rule = "owner";
  changed.reason = "the owner may";
  changed.passed_over = {};
  changed.address = "192.0.2.9";
  log_.record(changed);
  log_.flush();
  const auto found = all();
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].decision.count, 2);
  EXPECT_EQ(found[0].decision.rule, "owner");
  EXPECT_THAT(found[0].decision.passed_over, IsEmpty());
  EXPECT_EQ(found[0].decision.address, "192.0.2.9");
}

TEST_P(DecisionLogTest, SumsMoveOnceTheirHourIsOverAndTakeInWhatComesLate) {
  DecisionSettler settler(database_, clock_);
  const auto settled = [&] {
    return database_.read(
        [](db::Session& session) { return session.single<std::int64_t>("SELECT count(*) FROM decision"); });
  };
  grant("alice");
  log_.record(decided("bob", "team/app", both, pull));
  log_.flush();
  clock_.advance(60min);
  EXPECT_FALSE(settler.settle_some()) << "some may still be on their way";
  clock_.advance(1min);
  grant("alice");
  log_.flush();
  const auto before = all();
  while (settler.settle_some()) {
  }
  EXPECT_EQ(settled(), 2);
  EXPECT_THAT(all(), SizeIs(3));
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(all()[i].decision, before[i].decision);

  clock_.advance(-61min);  // another process was late
  grant("alice");
  log_.flush();
  clock_.advance(61min);
  while (settler.settle_some()) {
  }
  EXPECT_EQ(settled(), 2);
  EXPECT_THAT(counts(), UnorderedElementsAre("alice team/app 1", "alice team/app 2", "bob team/app 1"));
}

TEST_P(DecisionLogTest, WhereTooManyAreFreshTheOldestMoveBeforeTheirHourIsOver) {
  DecisionSettler settler(database_, clock_, {.most_fresh = 0});
  for (int batch = 0; batch < 2; ++batch) {
    grant("alice");
    log_.flush();
    EXPECT_TRUE(settler.settle_some());
    EXPECT_FALSE(settler.settle_some());
  }
  EXPECT_THAT(counts(), ElementsAre("alice team/app 2"));
}

TEST_P(DecisionLogTest, WhatAsksForNothingDecidesNothing) {
  log_.record(decided("alice", "", {}, {}));
  log_.flush();
  EXPECT_THAT(all(), IsEmpty());
}

TEST_P(DecisionLogTest, WhoWasNotLetInIsRefusedThoughHeAskedForNothing) {
  auto refused = decided("alice", "", {}, {});
  refused.rule = credentials_rule;
  log_.record(refused);
  log_.flush();
  const auto found = all();
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].decision.verdict, Verdict::refused);
  EXPECT_THAT(found[0].who_can_grant, IsEmpty());
}

TEST_P(DecisionLogTest, TheCatalogIsAllOrNothing) {
  log_.record(decided("alice", "", ActionSet::all(), {}));
  log_.record(decided("admin", "", ActionSet::all(), ActionSet::all()));
  log_.flush();
  EXPECT_THAT(all({.action = "*"}), SizeIs(2));
  EXPECT_THAT(all({.action = "pull"}), IsEmpty());
  EXPECT_EQ(all({.verdict = Verdict::granted})[0].decision.granted, ActionSet::all());
}

TEST_P(DecisionLogTest, BeyondItsBoundsItOnlyCounts) {
  for (int i = 0; i < 8; ++i) {
    const auto name = fmt::format("user{}", i);
    grant(name);
    log_.record(decided(name, "team/app", both, pull));
  }
  grant("user0");  // is in the buffer already
  log_.flush();
  EXPECT_THAT(all({.verdict = Verdict::refused}), SizeIs(5));
  EXPECT_THAT(all({.verdict = Verdict::granted}), SizeIs(5));
  EXPECT_EQ(dropped(), 6);
  grant("later");
  log_.flush();
  EXPECT_THAT(all({.user = "later"}), SizeIs(1));
  EXPECT_EQ(dropped(), 6);
}

TEST_P(DecisionLogTest, ManyAreWrittenInSeveralTransactions) {
  DecisionLog large(writer_, clock_);
  for (int i = 0; i < 1203; ++i) large.record(decided(fmt::format("user{}", i), "team/app", both, pull));
  large.flush();
  EXPECT_EQ(store_.count({}).count, 1203);
}

TEST_P(DecisionLogTest, TextsFromOutsideAreCut) {
  auto hostile = decided("alice", "team/app", both, pull);
  const std::string client(1001, 'x');
  std::string reason;
  while (reason.size() < 5000) reason += "ż";
  const std::string address(500, '1');
  hostile.client = client;
  hostile.reason = reason;
  hostile.address = address;
  hostile.passed_over = [&] { return std::vector<Finding>{{"admin", reason}}; };
  log_.record(hostile);
  log_.flush();
  const auto found = all();
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].decision.client.size(), 200u);
  EXPECT_EQ(found[0].decision.reason.size(), 2000u);
  EXPECT_EQ(found[0].decision.passed_over[0].reason.size(), 2000u);
  EXPECT_EQ(found[0].decision.address.size(), 64u);
}

TEST_P(DecisionLogTest, WhatCannotBeWrittenIsWrittenLater) {
  rename("fresh_decision", "away");
  log_.record(decided("alice", "team/app", both, pull));
  log_.flush();
  for (int i = 0; i < 7; ++i) log_.record(decided("bob", "team/app", both, pull));
  grant("alice");
  log_.flush();
  rename("away", "fresh_decision");
  log_.flush();
  EXPECT_THAT(all({.user = "alice"}), SizeIs(2));
  EXPECT_THAT(all({.user = "bob"}), SizeIs(5));
  EXPECT_EQ(dropped(), 2);
}

TEST_P(DecisionLogTest, StoppingWritesTheRest) {
  {
    DecisionLog running(writer_, clock_, {.refusals_every = 1h, .grants_every = 1h});
    running.start();
    running.record(decided("alice", "team/app", both, pull));
    running.record(decided("alice", "team/app", pull, pull));
  }
  EXPECT_THAT(all(), SizeIs(2));
}

TEST_P(DecisionLogTest, IsToldByManyAtOnce) {
  DecisionLog busy(writer_, clock_, {.refusals_every = 1ms, .grants_every = 1ms});
  busy.start();
  {
    std::vector<std::jthread> threads;
    threads.reserve(4);
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&busy] {
        for (int i = 0; i < 500; ++i) {
          busy.record(decided("alice", "team/app", pull, pull));
          if (i % 100 == 0) busy.record(decided("alice", "team/app", both, pull));
        }
      });
    }
  }
  busy.stop();
  EXPECT_EQ(all({.verdict = Verdict::granted}).at(0).decision.count, 2000);
  EXPECT_THAT(all({.verdict = Verdict::refused}), SizeIs(20));
}

INSTANTIATE_TEST_SUITE_P(Engines, DecisionLogTest, db::every_engine(), db::engine_name);

}  // namespace
}  // namespace spectacles::audit
