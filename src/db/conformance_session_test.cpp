// What a session promises, on every engine.
#include <gtest/gtest.h>

#include <limits>

#include "db/engine_tables_test.h"
#include "db/like.h"

namespace spectacles::db {
namespace {

using ThingId = Strong<std::int64_t, struct ThingTag>;

class SessionConformance : public OnEveryEngine {
 protected:
  SessionConformance() {
    create(database_, "create table thing (" + id_column(engine()) + ", " + name_column(engine(), "name") +
                          " unique, size bigint, " + text_column(engine(), "note") +
                          ");"
                          "create table part (thing_id bigint not null, slot integer check (slot < 10), "
                          "foreign key (thing_id) references thing (id))");
  }

  template <class Work>
  auto write(Work work) {
    return database_.write(work);
  }

  std::int64_t count() {
    return database_.read([](Session& session) { return session.single<std::int64_t>("select count(*) from thing"); });
  }

  // What the error that `sql` meets says.
  template <class Expected, class... Values>
  std::string error_of(std::string_view sql, const Values&... values) {
    try {
      write([&](Session& session) { session.execute(sql, values...); });
    } catch (const Error& error) {
      EXPECT_NE(dynamic_cast<const Expected*>(&error), nullptr) << error.what();
      const bool is_violation = dynamic_cast<const UniqueViolation*>(&error) != nullptr ||
                                dynamic_cast<const ForeignKeyViolation*>(&error) != nullptr;
      EXPECT_EQ(is_violation, !(std::is_same_v<Expected, Error>)) << error.what();
      return error.what();
    }
    ADD_FAILURE() << "no error from: " << sql;
    return {};
  }

  Database database_{options()};
};

TEST_P(SessionConformance, ManyRowsAreInsertedOrMergedByTheirKey) {
  std::vector<std::string> names;
  for (int i = 0; i < 501; ++i) names.push_back("thing " + std::to_string(i));
  const auto insert = [&](std::size_t from, std::size_t to, std::string_view note) {
    std::vector<Cell> cells;
    for (std::size_t i = from; i < to; ++i) {
      cells.insert(cells.end(),
                   {std::string_view(names[i]), static_cast<std::int64_t>(i), note.empty() ? Cell() : note});
    }
    write([&](Session& session) {
      session.insert_rows("insert into thing (name, size, note)", 3, cells,
                          session.merge("name", "size = thing.size + new(size), note = new(note)"));
    });
  };
  insert(0, 0, "nothing");
  EXPECT_EQ(count(), 0);
  insert(0, 400, "");
  insert(399, 501, "it's \"new\"");
  EXPECT_EQ(count(), 501);
  const auto rows = database_.read([](Session& session) {
    return session.rows<std::string, std::int64_t, std::optional<std::string>>(
        "select name, size, note from thing where size >= 398 order by size");
  });
  ASSERT_EQ(rows.size(), 103U);
  EXPECT_EQ(rows.front(), std::tuple("thing 398", 398, std::nullopt));
  EXPECT_EQ(rows.back(), std::tuple("thing 399", 798, "it's \"new\""));

  EXPECT_THROW(write([&](Session& session) {
                 const std::vector<Cell> cells = {std::string_view("a"), std::string_view("thing 1")};
                 session.insert_rows("insert into thing (name)", 1, cells, "");
               }),
               UniqueViolation);
  EXPECT_THROW(write([&](Session& session) {
                 const std::vector<Cell> cells = {std::string_view("a"), std::string_view("b"), std::string_view("c")};
                 session.insert_rows("insert into thing (name, note)", 2, cells, "");
               }),
               Error);
  EXPECT_EQ(count(), 501) << "all of them or none";
}

TEST_P(SessionConformance, TextsComeBackAsTheyWere) {
  const std::vector<std::string> texts = {
      "",      "plain", "Zażółć 名前 🦀", "'; drop table thing; --", R"(\' \\ \n \0 %_!)",       "\"`$1 :name ?",
      "00123", "1e5",   " outer space ",  "tab\tline\r\n\x01\x7f",   std::string(1'000'000, 'x')};
  for (const auto& text : texts) {
    const auto id = write(
        [&](Session& session) { return ThingId(session.insert("insert into thing (note) values (:note)", text)); });
    const auto [back, size] = database_
                                  .read([&](Session& session) {
                                    return session.find<std::string, std::optional<std::int64_t>>(
                                        "select note, size from thing where id = :id and note = :note", id, text);
                                  })
                                  .value();
    EXPECT_TRUE(back == text) << text.substr(0, 40);
    EXPECT_EQ(size, std::nullopt);
  }
}

TEST_P(SessionConformance, NamesCompareAndSortByTheirBytes) {
  const std::vector<std::string> in_order = {"-", "A", "B", "a", "a-", "a/", "aB", "ab",
                                             "b", "z", "É", "ß", "é",  "ż",  "名", "🦀"};
  write([&](Session& session) {
    for (auto name = in_order.rbegin(); name != in_order.rend(); ++name) {
      session.execute("insert into thing (name) values (:name)", *name);
    }
  });
  std::vector<std::string> sorted, above;
  database_.read([&](Session& session) {
    sorted.clear();
    above.clear();
    for (const auto& [name] : session.rows<std::string>("select name from thing order by name")) sorted.push_back(name);
    for (const auto& [name] :
         session.rows<std::string>("select name from thing where name > :after order by name desc", "ab")) {
      above.push_back(name);
    }
  });
  EXPECT_EQ(sorted, in_order);
  EXPECT_EQ(above, (std::vector<std::string>{"🦀", "名", "ż", "é", "ß", "É", "z", "b"}));
}

TEST_P(SessionConformance, NumbersAreExact) {
  using Limits = std::numeric_limits<std::int64_t>;
  for (const std::int64_t number : {Limits::min(), std::int64_t{-1}, std::int64_t{0}, std::int64_t{1} << 31,
                                    (std::int64_t{1} << 53) + 1, Limits::max() - 1, Limits::max()}) {
    write([&](Session& session) {
      session.execute("delete from thing");
      session.execute("insert into thing (size) values (:size)", number);
      EXPECT_EQ(session.single<std::int64_t>("select size from thing where size = :size", number), number);
    });
  }
}

TEST_P(SessionConformance, IdsAreLargeExactAndNeverReused) {
  constexpr std::int64_t large = (std::int64_t{1} << 53) + 1;
  write([&](Session& session) {
    session.execute("insert into thing (id, name) values (:id, 'large')", large);
    EXPECT_EQ(session.single<ThingId>("select id from thing where name = 'large'"), ThingId(large));
  });
  const auto first = write([](Session& session) { return session.insert("insert into thing (name) values ('a')"); });
  write([&](Session& session) { session.execute("delete from thing where id = :id", first); });
  const auto second = write([](Session& session) { return session.insert("insert into thing (name) values ('b')"); });
  EXPECT_GT(second, first);
}

TEST_P(SessionConformance, NullIsNotTheEmptyText) {
  write([](Session& session) {
    session.execute("insert into thing (name, note) values (:name, :note)", "null", std::nullopt);
    session.execute("insert into thing (name, note) values (:name, :note)", "empty", "");
  });
  const auto note_of = [&](const char* name) {
    return database_.read([&](Session& session) {
      return session.single<std::optional<std::string>>("select note from thing where name = :name", name);
    });
  };
  EXPECT_EQ(note_of("null"), std::nullopt);
  EXPECT_EQ(note_of("empty"), "");
}

TEST_P(SessionConformance, BooleansComeFromNumbersAndConditions) {
  write([](Session& session) {
    session.execute("insert into thing (name, size) values ('a', :yes)", true);
    EXPECT_TRUE(session.single<bool>("select size from thing"));
    EXPECT_TRUE(session.single<bool>("select exists (select 1 from thing)"));
    EXPECT_FALSE(session.single<bool>("select exists (select 1 from thing where name = 'b')"));
    EXPECT_FALSE(session.single<bool>("select name = 'b' from thing"));
    EXPECT_TRUE(session.single<bool>("select count(*) from thing"));
    EXPECT_EQ(session.single<std::optional<Time>>("select max(size) from thing where name = 'b'"), std::nullopt);
  });
}

TEST_P(SessionConformance, NameThatComesTwiceTakesOneValue) {
  write([](Session& session) {
    session.execute("insert into thing (name, note) values (:name, :name)", "both");
    session.execute("insert into thing (name, note) values (:name, :note)", "one", "other");
  });
  database_.read([](Session& session) {
    EXPECT_EQ(session.single<std::string>("select note from thing where name = :text and note = :text", "both"),
              "both");
    EXPECT_EQ(session.single<std::int64_t>("select count(*) from thing where name = :b or (note = :a and name = :b)",
                                           "one", "both"),
              1);
  });
}

TEST_P(SessionConformance, CountsTheRowsThatMatched) {
  write([](Session& session) {
    for (const auto* name : {"a", "b", "c"}) session.execute("insert into thing (name, size) values (:name, 1)", name);
    EXPECT_EQ(session.execute("update thing set size = 1 where name <> :name", "c"), 2) << "set to what it was";
    EXPECT_EQ(session.execute("update thing set size = 2"), 3);
    EXPECT_EQ(session.execute("update thing set size = 1 where name = 'none'"), 0);
    EXPECT_EQ(session.execute("insert into thing (name) select 'd' from thing where name = 'none'"), 0);
    EXPECT_EQ(session.execute("insert into thing (name, size) values ('d', 1), ('e', 1)"), 2);
    EXPECT_EQ(session.execute("delete from thing"), 5);
  });
}

TEST_P(SessionConformance, InsertsWhatASelectGives) {
  write([](Session& session) {
    session.execute("insert into thing (name) values ('a')");
    session.execute(
        "insert into thing (name, size, note) select :name, :size, note from thing where name = 'a' "
        "and not exists (select 1 from thing t where t.name = :name)",
        "b", std::int64_t{1} << 40);
    EXPECT_EQ(session.single<std::int64_t>("select size from thing where name = 'b'"), std::int64_t{1} << 40);
  });
}

TEST_P(SessionConformance, SearchTakesWildcardsLiterallyAndLettersInEitherCase) {
  write([](Session& session) {
    for (const auto* name : {"a%b", "a_b", "a!b", "axb", "AXC", R"(a\b)", "名前"}) {
      session.execute("insert into thing (name) values (:name)", name);
    }
  });
  const auto found = [&](const std::string& part) {
    std::string names;
    for (const auto& [name] : database_.read([&](Session& session) {
           return session.rows<std::string>(
               "select name from thing where " + matches("name", "part") + " order by name", containing(part));
         })) {
      names += (names.empty() ? "" : " ") + name;
    }
    return names;
  };
  EXPECT_EQ(found("%"), "a%b");
  EXPECT_EQ(found("_"), "a_b");
  EXPECT_EQ(found("!"), "a!b");
  EXPECT_EQ(found("\\"), R"(a\b)");
  EXPECT_EQ(found("aX"), "AXC axb");
  EXPECT_EQ(found("前"), "名前");
  EXPECT_EQ(found("A_B"), "a_b");
  EXPECT_EQ(found(std::string("a\0b", 3)), "");
  EXPECT_EQ(found("\xff"), "");
  EXPECT_EQ(found(""), R"(AXC a!b a%b a\b a_b axb 名前)");
}

TEST_P(SessionConformance, ViolationsAreToldApart) {
  write([](Session& session) {
    session.execute("insert into thing (id, name) values (1, 'one'), (2, 'two')");
    session.execute("insert into part (thing_id, slot) values (1, 1)");
  });
  error_of<UniqueViolation>("insert into thing (name) values ('one')");
  error_of<UniqueViolation>("insert into thing (id) values (1)");
  error_of<UniqueViolation>("update thing set name = 'one' where id = 2");
  error_of<ForeignKeyViolation>("insert into part (thing_id, slot) values (99, 1)");
  error_of<ForeignKeyViolation>("delete from thing where id = 1");
  error_of<Error>("insert into part (thing_id, slot) values (1, 10)");    // check
  error_of<Error>("insert into part (thing_id, slot) values (null, 1)");  // not null
  error_of<Error>("selec");
  error_of<Error>("select no_such_column from thing");
  error_of<Error>("insert into nowhere (a) values (:a)", "x");
  EXPECT_EQ(write([](Session& session) { return session.execute("delete from thing where id = 2"); }), 1);
}

TEST_P(SessionConformance, ErrorsNameTheStatementAndNeverAValue) {
  write([](Session& session) { session.execute("insert into thing (id, name) values (1, 'hunter2')"); });
  const auto expect_silent = [](const std::string& text) {
    EXPECT_NE(text.find(':'), std::string::npos) << text;
    EXPECT_EQ(text.find("hunter2"), std::string::npos) << text;
    EXPECT_EQ(text.find("424242"), std::string::npos) << text;
  };
  expect_silent(error_of<UniqueViolation>("insert into thing (name) values (:name)", "hunter2"));
  expect_silent(error_of<ForeignKeyViolation>("insert into part (thing_id, slot) values (:id, 1)", 424242));
  expect_silent(error_of<Error>("insert into part (thing_id, slot) values (1, :slot)", 424242));
  expect_silent(error_of<Error>("insert into thing (name) values (:name, 'x')", "hunter2"));
  expect_silent(error_of<Error>("selec from thing where name = :name", "hunter2"));
  if (engine() != Engine::sqlite) {  // which keeps any text anywhere
    expect_silent(error_of<Error>("insert into thing (size) values (:size)", "hunter2"));
    expect_silent(error_of<Error>("insert into thing (name) values (:name)", "hunter2" + std::string(300, 'x')));
    expect_silent(error_of<Error>("insert into thing (name) values (:name)", "hunter2\xff"));
  }
}

TEST_P(SessionConformance, MistakesThatWouldLoseDataAreErrors) {
  error_of<Error>("insert into thing (name, note) values (:name, :note)", "only one");
  error_of<Error>("insert into thing (name) values (:name)", "one", "too many");
  error_of<Error>("delete from part; delete from thing");
  error_of<Error>("insert into thing (name) values (:name); delete from thing", "a");
  error_of<Error>("-- nothing");
  error_of<Error>("");
  EXPECT_THROW(database_.read([](Session& session) { session.rows<std::string>("select 1, 2"); }), Error);
  EXPECT_THROW(database_.read([](Session& session) { session.rows<std::string, std::string>("select 1"); }), Error);
  write([](Session& session) { session.execute("delete from part; -- and no more\n ;"); });
  EXPECT_EQ(count(), 0);
}

TEST_P(SessionConformance, TextWithANulIsKeptOrRefusedAndNeverCut) {
  const std::string text("a\0b", 3);
  if (engine() == Engine::postgres) {
    error_of<Error>("insert into thing (note) values (:note)", text);
  } else {
    write([&](Session& session) {
      session.execute("insert into thing (note) values (:note)", text);
      EXPECT_EQ(session.single<std::string>("select note from thing"), text);
    });
  }
}

TEST_P(SessionConformance, WriteIsLostWithItsFirstError) {
  EXPECT_THROW(write([](Session& session) {
                 session.execute("insert into thing (name) values ('one')");
                 EXPECT_THROW(session.execute("insert into thing (name) values ('one')"), UniqueViolation);
                 EXPECT_THROW(session.execute("insert into thing (name) values ('two')"), Error);
               }),
               Error);
  EXPECT_EQ(count(), 0);
}

TEST_P(SessionConformance, ReadCannotChangeAnything) {
  EXPECT_THROW(database_.read([](Session& session) { session.execute("insert into thing (name) values ('a')"); }),
               Error);
  EXPECT_THROW(database_.read([](Session& session) { session.execute("delete from thing"); }), Error);
  EXPECT_THROW(database_.read([](Session& session) { session.execute("create table t (a integer)"); }), Error);
  EXPECT_EQ(count(), 0);
}

TEST_P(SessionConformance, LogsStatementsWithTheirTimeAndWithoutValues) {
  auto logged = options();
  logged.log_statements = true;
  Database logging(logged);
  testing::internal::CaptureStderr();
  logging.write([](Session& session) {
    session.execute("insert into thing (name, size) values (:name, :size)", "hunter2", 424242);
  });
  const auto log = testing::internal::GetCapturedStderr();
  EXPECT_NE(log.find("insert into thing (name, size) values (:name, :size)"), std::string::npos) << log;
  EXPECT_NE(log.find(" us="), std::string::npos) << log;
  EXPECT_NE(log.find("commit"), std::string::npos) << log;
  EXPECT_EQ(log.find("hunter2"), std::string::npos) << log;
  EXPECT_EQ(log.find("424242"), std::string::npos) << log;
}

INSTANTIATE_TEST_SUITE_P(Engines, SessionConformance, every_engine(), engine_name);

}  // namespace
}  // namespace spectacles::db
