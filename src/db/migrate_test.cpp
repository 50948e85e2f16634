#include "db/migrate.h"

#include <gtest/gtest.h>

#include <array>
#include <future>

#include "db/test_database.h"

namespace spectacles::db {
namespace {

// As the real ones: tables and indexes, columns added later, and rows changed in between.
constexpr std::array<Migration, 3> three = {{
    {1, "initial",
     "create table a (x integer not null primary key); insert into a values (1); insert into a values (2);"},
    {2, "more",
     "create table b (x integer); -- and; more\n"
     "insert into b values (1), (2); update a set x = x + 10; create index b_x on b (x);"
     "alter table b add column y integer; update b set y = x + 1"},
    {3, "rename", "alter table b rename to c; drop table a; create index c_y on c (y);"},
}};
constexpr std::span<const Migration> all = three;

struct Killed {};

class MigrateTest : public OnEveryEngine {
 protected:
  std::int64_t version() {
    return database_.read(
        [](Session& session) { return session.single<std::int64_t>("select max(version) from schema_version"); });
  }

  template <class... Columns>
  std::vector<std::tuple<Columns...>> rows(std::string_view sql) {
    return database_.read([&](Session& session) { return session.rows<Columns...>(sql); });
  }

  // All that `three` make, once and only once.
  void expect_whole() {
    using Row = std::tuple<std::int64_t, std::string>;
    EXPECT_EQ((rows<std::int64_t, std::string>(
                  "select version, name from schema_version where applied_at > 1700000000000 order by version")),
              (std::vector<Row>{{1, "initial"}, {2, "more"}, {3, "rename"}}));
    using Pair = std::tuple<std::int64_t, std::int64_t>;
    EXPECT_EQ((rows<std::int64_t, std::int64_t>("select x, y from c order by x")), (std::vector<Pair>{{1, 2}, {2, 3}}));
    EXPECT_FALSE(database_.has_table("a"));
    EXPECT_FALSE(database_.has_table("b"));
  }

  Database database_{options()};
};

TEST_P(MigrateTest, RunsWhatIsMissingAndRecordsIt) {
  EXPECT_EQ(migrate(database_, all.first(1)), 1);
  EXPECT_EQ(migrate(database_, all), 2);
  EXPECT_EQ(migrate(database_, all), 0);
  expect_whole();
}

TEST_P(MigrateTest, ManyProgramsAtOnceRunEachOnce) {
  std::vector<std::future<int>> running;
  for (int i = 0; i < 6; ++i) {
    running.push_back(std::async(std::launch::async, [&] {
      Database own(options());
      return migrate(own, all);
    }));
  }
  int ran = 0;
  for (auto& each : running) ran += each.get();
  EXPECT_EQ(ran, 3);
  expect_whole();
}

TEST_P(MigrateTest, FailingMigrationIsNotRecordedAndGoesOnWhenItIsMended) {
  const std::array<Migration, 2> broken = {
      {three[0], {2, "more", "create table b (x integer); -- and; more\ninsert into nowhere values (1)"}}};
  EXPECT_THROW(migrate(database_, broken), Error);
  EXPECT_EQ(version(), 1);
  EXPECT_EQ(database_.has_table("b"), !database_.has_transactional_schema());
  EXPECT_EQ(migrate(database_, all), 2);
  expect_whole();
}

// Kills it at every statement: when the statement has run, and when that has been recorded as well.
TEST_P(MigrateTest, KilledAnywhereItGoesOnWhereItWas) {
  int kills = 0;
  const StepHook kill_once = [&, killed = std::set<std::tuple<int, std::size_t, StepEnd>>()](
                                 const Migration& migration, std::size_t statement, StepEnd end) mutable {
    if (!killed.emplace(migration.version, statement, end).second) return;
    ++kills;
    throw Killed();
  };
  for (bool done = false; !done;) {
    try {
      Database program(options());
      migrate(program, all, kill_once);
      done = true;
    } catch (const Killed&) {
    }
  }
  EXPECT_EQ(kills, database_.has_transactional_schema() ? 12 : 24);
  expect_whole();
}

// The same with what the program really brings, once for each place, from an empty database.
TEST_P(MigrateTest, EmbeddedMigrationsSurviveAKillAnywhere) {
  const auto migrations = migrations_of(engine());
  int kills = 0;
  std::set<std::tuple<int, std::size_t, StepEnd>> killed;
  const StepHook kill_once = [&](const Migration& migration, std::size_t statement, StepEnd end) {
    if (!killed.emplace(migration.version, statement, end).second) return;
    ++kills;
    throw Killed();
  };
  for (bool done = false; !done;) {
    try {
      Database program(options());
      migrate(program, migrations, kill_once);
      done = true;
    } catch (const Killed&) {
    }
  }
  EXPECT_GT(kills, 20);
  EXPECT_EQ(version(), static_cast<std::int64_t>(migrations.size()));
  database_.write([](Session& session) {
    session.execute(
        "insert into activity (at, action, subject, outcome, namespace_id) values (1, 'a', 'b', 'done', 2)");
  });
}

TEST_P(MigrateTest, WhatExistsThoughItWasNotMadeHereIsAnError) {
  database_.change_schema([](Session& session) { session.execute("create table a (x integer)"); });
  EXPECT_THROW(migrate(database_, all), Error);
}

TEST_P(MigrateTest, NewerSchemaIsRefusedNamingBothVersions) {
  migrate(database_, all);
  const auto text_of = [&](auto work) -> std::string {
    try {
      work();
    } catch (const Error& error) {
      return error.what();
    }
    ADD_FAILURE() << "took a newer schema";
    return "";
  };
  for (const auto& text : {text_of([&] { migrate(database_, all.first(2)); }),
                           text_of([&] { load_schema_state(database_, all.first(2)); })}) {
    EXPECT_NE(text.find("schema version 3"), std::string::npos) << text;
    EXPECT_NE(text.find("up to 2"), std::string::npos) << text;
  }
  EXPECT_EQ(version(), 3);
}

TEST_P(MigrateTest, StateSaysWhatIsPendingAndChangesNothing) {
  const auto empty = load_schema_state(database_, all);
  EXPECT_EQ(empty.current, 0);
  EXPECT_EQ(empty.newest, 3);
  EXPECT_FALSE(empty.is_up_to_date());
  EXPECT_FALSE(database_.has_table("schema_version"));

  migrate(database_, all.first(2));
  const auto state = load_schema_state(database_, all);
  EXPECT_EQ(state.current, 2);
  ASSERT_EQ(state.entries.size(), 3U);
  EXPECT_EQ(state.entries[1].name, "more");
  EXPECT_TRUE(state.entries[1].applied_at.has_value());
  EXPECT_EQ(state.entries[2].name, "rename");
  EXPECT_FALSE(state.entries[2].applied_at.has_value());

  migrate(database_, all);
  EXPECT_TRUE(load_schema_state(database_, all).is_up_to_date());
}

TEST_P(MigrateTest, GapsAreRefused) {
  const std::array<Migration, 2> gap = {{three[0], three[2]}};
  EXPECT_THROW(migrate(database_, gap), Error);
  EXPECT_THROW(migrate(database_, all.subspan(1)), Error);
}

TEST_P(MigrateTest, EmbeddedMigrationsHaveTheSameVersionsAndNames) {
  const auto ours = migrations_of(engine());
  ASSERT_EQ(ours.size(), sqlite_migrations().size());
  for (std::size_t at = 0; at < ours.size(); ++at) {
    EXPECT_EQ(ours[at].version, sqlite_migrations()[at].version);
    EXPECT_EQ(ours[at].name, sqlite_migrations()[at].name);
  }
  EXPECT_EQ(migrate(database_), static_cast<int>(ours.size()));
  if (engine() != Engine::sqlite) return;
  database_.read([](Session& session) {
    EXPECT_EQ(session.single<std::string>("pragma integrity_check"), "ok");
    EXPECT_EQ(session.single<std::int64_t>("select count(*) from pragma_foreign_key_check"), 0);
  });
}

// The tables of all engines have the same columns in the same order.
TEST_P(MigrateTest, EmbeddedMigrationsMakeTheSameColumns) {
  migrate(database_);
  const TestFolder folder;
  Database sqlite(folder.options());
  migrate(sqlite);
  const auto expected = sqlite.read([](Session& session) {
    return session.rows<std::string, std::string>(
        "select m.name, c.name from sqlite_master m, pragma_table_info(m.name) c where m.type = 'table' "
        "and m.name not like 'sqlite%' order by m.name, c.cid");
  });
  EXPECT_GT(expected.size(), 80U);
  if (engine() == Engine::sqlite) return;
  const std::string schema = engine() == Engine::mysql ? "database()" : "current_schema()";
  EXPECT_EQ((rows<std::string, std::string>(
                "select table_name, column_name from information_schema.columns where table_schema = " + schema +
                " and table_name not in ('schema_step', 'write_turn') order by table_name, ordinal_position")),
            expected);
}

INSTANTIATE_TEST_SUITE_P(Engines, MigrateTest, every_engine(), engine_name);

}  // namespace
}  // namespace spectacles::db
