#include "db/generation.h"

#include <gtest/gtest.h>

#include <thread>

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

INSTANTIATE_TEST_SUITE_P(Engines, GenerationTest, every_engine(), engine_name);

}  // namespace
}  // namespace spectacles::db
