#include "db/generation.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/waiting.h"
#include "db/migrate.h"
#include "db/remembered.h"
#include "db/test_database.h"

namespace spectacles::db {
namespace {

class GenerationTest : public OnEveryEngine {
 protected:
  void change(Database& database) {
    database.write([](Session& session) {
      session.count_change();
      session.count_change();  // once a transaction
    });
  }

  Database database_{options()};
  const int migrated_ = migrate(database_);
  Generation generation_{database_};
};

TEST_P(GenerationTest, ChangesAtOnceWithAWriteOfThisProgram) {
  const auto before = generation_.current();
  EXPECT_EQ(generation_.current(), before);
  database_.write([](Session& session) { session.execute("DELETE FROM session"); });
  EXPECT_EQ(generation_.current(), before) << "not every write decides on anything";
  change(database_);
  EXPECT_NE(generation_.current(), before);
}

TEST_P(GenerationTest, DoesNotChangeWithAWriteThatWasRolledBack) {
  const auto before = generation_.current();
  static_cast<void>(database_.write([](Session& session) -> Result<void> {
    session.count_change();
    return refuse(RefusalKind::conflict, "no");
  }));
  EXPECT_EQ(generation_.current(), before);
}

TEST_P(GenerationTest, SeesOtherProgramsWithinItsBound) {
  Database other(options());
  const auto before = generation_.current();
  change(other);
  std::this_thread::sleep_for(Generation::looks_every + std::chrono::milliseconds(50));
  EXPECT_NE(generation_.current(), before);
}

TEST_P(GenerationTest, IsKnownWithoutWaitingUntilSomethingIsCommitted) {
  const auto ask = [&] {
    const MustNotWait here;
    return generation_.current();
  };
  {
    const MustNotWait here;
    EXPECT_THROW(database_.read([](Session&) {}), WouldWait);
    EXPECT_THROW(database_.write([](Session&) {}), WouldWait);
  }
  EXPECT_THROW(ask(), WouldWait);
  if (database_.engine() != Engine::sqlite) return;  // on servers the time decides
  const auto known = generation_.current();
  EXPECT_EQ(ask(), known);
  Database other(options());
  other.write([](Session& session) {
    session.execute("INSERT INTO schema_version (version, name, applied_at) VALUES (9999, 'no change', 0)");
  });
  EXPECT_THROW(ask(), WouldWait) << "it may have been a change";
  EXPECT_EQ(generation_.current(), known);
  EXPECT_EQ(ask(), known);
}

// Servers are asked every half second.
class GenerationOnSqliteTest : public GenerationTest {};

TEST_P(GenerationOnSqliteTest, SeesEveryChangeOfOthersAtOnce) {
  Database other(options());
  for (int i = 0; i < 50; ++i) {
    const auto before = generation_.current();
    change(other);
    ASSERT_NE(generation_.current(), before);
  }
  other.read([](Session& session) {
    session.rows<std::int64_t, std::int64_t, std::int64_t>("PRAGMA wal_checkpoint(PASSIVE)");
  });
  const auto before = generation_.current();
  change(other);  // the first after a checkpoint begins the WAL anew
  EXPECT_NE(generation_.current(), before);
}

// A value is never older than the last change that was over before it was asked for.
TEST_P(GenerationTest, NothingRememberedOutlivesAChangeWhileManyAsk) {
  Database other(options());
  database_.write([](Session& session) {
    session.execute("INSERT INTO schema_version (version, name, applied_at) VALUES (9999, 'counted', 0)");
  });
  Remembered<int, std::int64_t> remembered(generation_, 10);
  const auto read = [](Session& session) {
    return session.single<std::int64_t>("SELECT applied_at FROM schema_version WHERE version = 9999");
  };
  constexpr std::int64_t changes = 40;
  std::atomic<std::int64_t> changed = 0;
  std::atomic<int> stale = 0;
  {
    std::vector<std::jthread> askers;
    for (int i = 0; i < 3; ++i) {
      askers.emplace_back([&] {
        while (changed < changes) {
          const auto least = changed.load();
          if (remembered.get(1, [&] { return database_.read(read); }) < least) ++stale;
        }
      });
    }
    for (std::int64_t i = 1; i <= changes; ++i) {
      auto& writer = database_.engine() == Engine::sqlite && i % 2 == 0 ? other : database_;
      writer.write([&](Session& session) {
        session.execute("UPDATE schema_version SET applied_at = :value WHERE version = 9999", i);
        session.count_change();
      });
      changed = i;
    }
  }
  EXPECT_EQ(stale, 0);
}

TEST_P(GenerationTest, WhatIsRememberedIsReadAgainAfterAChange) {
  Remembered<int, int> remembered(generation_, 3);
  int loads = 0;
  const auto get = [&](int key) { return remembered.get(key, [&] { return key * 100 + ++loads; }); };
  EXPECT_EQ(get(1), 101);
  EXPECT_EQ(get(1), 101);
  change(database_);
  EXPECT_EQ(get(1), 102);
  EXPECT_EQ(get(2), 203);
  EXPECT_EQ(get(3), 304);
  EXPECT_EQ(get(4), 405) << "one too many: all are forgotten";
  EXPECT_EQ(get(1), 106);
}

INSTANTIATE_TEST_SUITE_P(Sqlite, GenerationOnSqliteTest, testing::Values(Engine::sqlite), engine_name);
INSTANTIATE_TEST_SUITE_P(Engines, GenerationTest, every_engine(), engine_name);

}  // namespace
}  // namespace spectacles::db
