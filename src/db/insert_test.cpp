#include "db/insert.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "db/test_database.h"

namespace spectacles::db {
namespace {

class InsertTest : public OnEveryEngine {
 protected:
  InsertTest() {
    database_.change_schema([&](Session& session) {
      database_.make_bookkeeping(session);
      session.execute("create table pair (number bigint not null primary key, word varchar(20))");
    });
  }

  std::int64_t count(const std::string& condition = "1 = 1") {
    return database_.read(
        [&](Session& session) { return session.single<std::int64_t>("select count(*) from pair where " + condition); });
  }

  Database database_{options()};
};

TEST_P(InsertTest, EachRowIsThereOnceHoweverManyThereAre) {
  std::int64_t next = 0;
  for (const int many : {0, 1, 59, 60, 61, 1000}) {
    std::vector<InsertedRow> rows;
    for (int i = 0; i < many; ++i, ++next) {
      rows.push_back(row(next, next % 2 == 0 ? std::optional("even" + std::to_string(next)) : std::nullopt));
    }
    database_.write([&](Session& session) { insert_rows(session, "pair (number, word)", rows); });
    EXPECT_EQ(count(), next) << many;
  }
  EXPECT_EQ(count("word is null"), next / 2);
  EXPECT_EQ(count("number = 59 and word is null"), 1);
  EXPECT_EQ(count("number = 1000 and word = 'even1000'"), 1);
}

TEST_P(InsertTest, OneThatCannotBeLeavesNoneBehind) {
  std::vector<InsertedRow> rows;
  for (int i = 0; i < 200; ++i) rows.push_back(row(i == 199 ? 7 : i, "x"));
  EXPECT_THROW(database_.write([&](Session& session) { insert_rows(session, "pair (number, word)", rows); }),
               UniqueViolation);
  EXPECT_EQ(count(), 0);
}

INSTANTIATE_TEST_SUITE_P(Engines, InsertTest, every_engine(), engine_name);

}  // namespace
}  // namespace spectacles::db
