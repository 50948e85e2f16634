#include "db/migrate.h"

#include <gtest/gtest.h>

#include <array>
#include <future>

#include "db/test_folder.h"

namespace spectacles::db {
namespace {

constexpr std::array<Migration, 3> three = {{
    {1, "initial", "create table a (x integer); insert into a values (1);"},
    {2, "more", "create table b (x integer); -- and; more\ninsert into b values (1), (2)"},
    {3, "rename", "alter table a rename to c; create index c_x on c (x);"},
}};
constexpr std::span<const Migration> all = three;

std::int64_t version_of(Database& database) {
  return database.read(
      [](Session& session) { return session.single<std::int64_t>("select max(version) from schema_version"); });
}

bool has_table(Database& database, const char* name) {
  return database.read([&](Session& session) {
    return session.single<bool>("select count(*) from sqlite_master where type = 'table' and name = :name", name);
  });
}

class MigrateTest : public testing::Test {
 protected:
  TestFolder folder_;
  Database database_{folder_.options()};
};

TEST_F(MigrateTest, RunsWhatIsMissingAndRecordsIt) {
  EXPECT_EQ(migrate(database_, all.first(1)), 1);
  EXPECT_EQ(migrate(database_, all), 2);
  EXPECT_EQ(migrate(database_, all), 0);
  const auto rows = database_.read([](Session& session) {
    return session.rows<std::int64_t, std::string>(
        "select version, name from schema_version where applied_at > 1700000000000 order by version");
  });
  using Row = std::tuple<std::int64_t, std::string>;
  EXPECT_EQ(rows, (std::vector<Row>{{1, "initial"}, {2, "more"}, {3, "rename"}}));
  EXPECT_TRUE(has_table(database_, "c"));
  EXPECT_FALSE(has_table(database_, "a"));
}

TEST_F(MigrateTest, ManyProgramsAtOnceRunEachOnce) {
  std::vector<std::future<int>> running;
  for (int i = 0; i < 6; ++i) {
    running.push_back(std::async(std::launch::async, [&] {
      Database own(folder_.options());
      return migrate(own, all);
    }));
  }
  int ran = 0;
  for (auto& each : running) ran += each.get();
  EXPECT_EQ(ran, 3);
  EXPECT_EQ(version_of(database_), 3);
}

TEST_F(MigrateTest, FailingMigrationLeavesNothingOfItself) {
  const std::array<Migration, 2> broken = {
      {three[0], {2, "more", "create table b (x integer); insert into b values (1); insert into nowhere values (1);"}}};
  EXPECT_THROW(migrate(database_, broken), Error);
  EXPECT_EQ(version_of(database_), 1);
  EXPECT_FALSE(has_table(database_, "b"));
  EXPECT_EQ(migrate(database_, all), 2);
}

TEST_F(MigrateTest, NewerSchemaIsRefusedNamingBothVersions) {
  migrate(database_, all);
  try {
    migrate(database_, all.first(2));
    FAIL() << "took a newer schema";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("schema version 3"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("up to 2"), std::string::npos) << error.what();
  }
  EXPECT_EQ(version_of(database_), 3);
}

TEST_F(MigrateTest, GapsAreRefused) {
  const std::array<Migration, 2> gap = {{three[0], three[2]}};
  EXPECT_THROW(migrate(database_, gap), Error);
  EXPECT_THROW(migrate(database_, all.subspan(1)), Error);
}

TEST_F(MigrateTest, EmbeddedMigrationsRun) {
  ASSERT_FALSE(sqlite_migrations().empty());
  EXPECT_EQ(sqlite_migrations()[0].name, "initial");
  EXPECT_EQ(migrate(database_, sqlite_migrations()), static_cast<int>(sqlite_migrations().size()));
  database_.read([](Session& session) {
    EXPECT_EQ(session.single<std::string>("pragma integrity_check"), "ok");
    EXPECT_EQ(session.single<std::int64_t>("select count(*) from pragma_foreign_key_check"), 0);
  });
}

}  // namespace
}  // namespace spectacles::db
