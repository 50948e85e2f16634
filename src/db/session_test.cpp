#include "db/session.h"

#include <gtest/gtest.h>

#include <limits>

#include "db/test_folder.h"

namespace spectacles::db {
namespace {

using ThingId = Strong<std::int64_t, struct ThingTag>;

class SessionTest : public testing::Test {
 protected:
  SessionTest() {
    database_.write([](Session& session) {
      session.run_script(
          "create table thing (id integer primary key, name text unique, size bigint, note text);"
          "create table part (thing_id integer not null references thing, slot integer check (slot < 10));"
          "create table lock (thing_id integer not null references thing on delete restrict)");
    });
  }

  template <class Work>
  auto write(Work work) {
    return database_.write(work);
  }

  // What the error that `sql` meets says.
  template <class Expected, class... Values>
  std::string error_of(std::string_view sql, const Values&... values) {
    try {
      write([&](Session& session) { session.execute(sql, values...); });
    } catch (const Error& error) {
      EXPECT_EQ(typeid(error), typeid(Expected)) << error.what();
      return error.what();
    }
    ADD_FAILURE() << "no error from: " << sql;
    return {};
  }

  TestFolder folder_;
  Database database_{folder_.options()};
};

TEST_F(SessionTest, TextsComeBackAsTheyWere) {
  const std::vector<std::string> texts = {"",
                                          "plain",
                                          std::string("a\0b", 3),
                                          std::string("\0", 1),
                                          "Zażółć 名前 🦀",
                                          "'; drop table thing; --",
                                          "00123",
                                          "1e5",
                                          "\xff\xfe",
                                          std::string(1'000'000, 'x')};
  for (const auto& text : texts) {
    const auto id = write([&](Session& session) {
      return ThingId(session.insert("insert into thing (name, note) values (:name, :note)", text, text));
    });
    const auto row = database_.read([&](Session& session) {
      return session.find<std::string, std::optional<std::string>>("select name, note from thing where id = :id", id);
    });
    EXPECT_EQ(row, std::tuple(text, std::optional(text)));
    EXPECT_EQ(database_.read([&](Session& session) {
      return session.find<ThingId>("select id from thing where name = :name", text);
    }),
              std::tuple(id));
  }
}

TEST_F(SessionTest, NumbersKeepSixtyFourBits) {
  using Limits = std::numeric_limits<std::int64_t>;
  for (const auto number : {Limits::min(), Limits::min() + 1, std::int64_t{-1}, std::int64_t{0},
                            std::int64_t{2147483648}, (std::int64_t{1} << 53) + 1, Limits::max()}) {
    const auto id =
        write([&](Session& session) { return session.insert("insert into thing (size) values (:size)", number); });
    EXPECT_EQ(database_.read([&](Session& session) {
      return session.single<std::int64_t>("select size from thing where id = :id", id);
    }),
              number);
  }
}

TEST_F(SessionTest, NullIsNotTheEmptyText) {
  const std::optional<std::string> nothing;
  write([&](Session& session) {
    session.execute("insert into thing (name, size, note) values (:name, :size, :note)", "a", nothing, std::nullopt);
    session.execute("insert into thing (name, size, note) values (:name, 1, :note)", "b", "");
  });
  using Row = std::tuple<std::optional<std::int64_t>, std::optional<std::string>>;
  const auto rows = database_.read([](Session& session) {
    return session.rows<std::optional<std::int64_t>, std::optional<std::string>>(
        "select size, note from thing order by name");
  });
  EXPECT_EQ(rows, (std::vector{Row{std::nullopt, std::nullopt}, Row{1, ""}}));
  EXPECT_ANY_THROW(database_.read(
      [](Session& session) { return session.single<std::string>("select note from thing where name = 'a'"); }));
}

TEST_F(SessionTest, BooleansTimesAndIdsComeBackAsTheirTypes) {
  const auto time = from_millis(1'772'366'400'123);
  const auto row = database_.read([&](Session& session) {
    return session.find<bool, bool, Time, ThingId>("select :yes, :no, :time, :id", true, false, time, ThingId(7));
  });
  EXPECT_EQ(row, std::tuple(true, false, time, ThingId(7)));
}

TEST_F(SessionTest, TellsHowManyRowsChanged) {
  write([](Session& session) {
    for (const auto* name : {"a", "b", "c"}) session.execute("insert into thing (name) values (:name)", name);
    EXPECT_EQ(session.execute("update thing set size = 1 where name <> :name", "c"), 2);
    EXPECT_EQ(session.execute("update thing set size = 1 where name = 'none'"), 0);
    EXPECT_EQ(session.execute("insert into thing (name) values ('a') on conflict do nothing"), 0);
    EXPECT_EQ(session.execute("delete from thing"), 3);
  });
}

TEST_F(SessionTest, RepeatedPlaceholderTakesOneValue) {
  const auto row = database_.read([](Session& session) {
    return session.find<std::string, std::string, std::string>("select :a, :b, :a", "x", "y");
  });
  EXPECT_EQ(row, std::tuple("x", "y", "x"));
}

TEST_F(SessionTest, ViolationsAreToldApart) {
  write([](Session& session) {
    session.execute("insert into thing (id, name) values (1, 'one'), (2, 'two'), (3, 'three')");
    session.execute("insert into part values (1, 1)");
    session.execute("insert into lock values (2)");
  });
  error_of<UniqueViolation>("insert into thing (name) values ('one')");
  error_of<UniqueViolation>("insert into thing (id) values (1)");
  error_of<UniqueViolation>("update thing set name = 'one' where id = 2");
  error_of<ForeignKeyViolation>("insert into part values (99, 1)");
  error_of<ForeignKeyViolation>("delete from thing where id = 1");
  error_of<ForeignKeyViolation>("delete from thing where id = 2");  // restricted
  error_of<Error>("insert into part values (1, 10)");               // check
  error_of<Error>("insert into part values (null, 1)");             // not null
  error_of<Error>("selec");
  error_of<Error>("select \"no_such_column\" from thing");
  EXPECT_EQ(write([](Session& session) { return session.execute("delete from thing where id = 3"); }), 1);
}

TEST_F(SessionTest, DeferredForeignKeyIsToldAtCommit) {
  write([](Session& session) {
    session.execute("create table later (thing_id integer references thing deferrable initially deferred)");
  });
  error_of<ForeignKeyViolation>("insert into later values (5)");
  EXPECT_EQ(database_.read([](Session& session) { return session.single<std::int64_t>("select count(*) from later"); }),
            0);
}

TEST_F(SessionTest, ErrorsNameTheStatementAndNeverAValue) {
  write([](Session& session) { session.execute("insert into thing (name) values ('hunter2')"); });
  const auto text = error_of<UniqueViolation>("insert into thing (name) values (:name)", "hunter2");
  EXPECT_NE(text.find("thing.name"), std::string::npos);
  EXPECT_NE(text.find(":name"), std::string::npos);
  EXPECT_EQ(text.find("hunter2"), std::string::npos);
  EXPECT_EQ(text.find("sqlite3_statement_backend"), std::string::npos);
}

TEST_F(SessionTest, MistakesThatWouldLoseDataAreErrors) {
  error_of<Error>("insert into thing (name, note) values (:name, :note)", "only one");
  error_of<Error>("insert into thing (name) values (:name)", "one", "too many");
  error_of<Error>("delete from part; delete from thing");
  error_of<Error>("-- nothing");
  error_of<Error>("");
  EXPECT_THROW(database_.read([](Session& session) { session.rows<std::string>("select 1, 2"); }), Error);
  EXPECT_THROW(database_.read([](Session& session) { session.rows<std::string, std::string>("select 1"); }), Error);
  write([](Session& session) { session.execute("delete from part; -- and no more\n ;"); });
}

TEST_F(SessionTest, ReadServesOnAfterErrors) {
  for (int i = 0; i < 20; ++i) {
    database_.read([](Session& session) {
      EXPECT_THROW(session.rows<std::string>("selec"), Error);
      EXPECT_EQ(session.single<std::int64_t>("select count(*) from thing"), 0);
    });
  }
}

TEST_F(SessionTest, WriteIsLostWithItsFirstError) {
  EXPECT_THROW(write([](Session& session) {
                 session.execute("insert into thing (name) values ('one')");
                 EXPECT_THROW(session.execute("insert into thing (name) values ('one')"), UniqueViolation);
                 EXPECT_THROW(session.execute("insert into thing (name) values ('two')"), Error);
               }),
               Error);
  write([](Session& session) { EXPECT_EQ(session.single<std::int64_t>("select count(*) from thing"), 0); });
}

TEST_F(SessionTest, ScriptsAreSplitAtTheirStatementsOnly) {
  write([](Session& session) {
    session.run_script(R"(
      -- a comment; with a semicolon
      create table note (text text); /* another; one */ ;
      insert into note values ('a;b'), ('it''s; -- no comment');
      create trigger note_copy after insert on note when new.text = 'x' begin
        insert into note values ('y');
        insert into note values ('z');
      end;
      insert into note values ('x')  -- the last one has no semicolon
    )");
    session.run_script("");
    session.run_script("  -- only a comment");
    EXPECT_EQ(session.rows<std::string>("select text from note order by rowid"),
              (std::vector<std::tuple<std::string>>{{"a;b"}, {"it's; -- no comment"}, {"x"}, {"y"}, {"z"}}));
  });
}

}  // namespace
}  // namespace spectacles::db
