#include "db/query.h"

#include <gtest/gtest.h>

#include "db/like.h"
#include "db/test_database.h"

namespace spectacles::db {
namespace {

using Names = std::vector<std::string>;

class QueryTest : public OnEveryEngine {
 protected:
  QueryTest() {
    // As the program's own tables: names compare byte by byte.
    const std::string by_bytes = engine() == Engine::mysql      ? " collate utf8mb4_bin"
                                 : engine() == Engine::postgres ? " collate \"C\""
                                                                : "";
    database_.change_schema([&](Session& session) {
      database_.make_bookkeeping(session);
      session.execute("create table animal (name varchar(20)" + by_bytes +
                      " not null primary key, legs bigint not null)");
    });
    database_.write([](Session& session) {
      for (const auto& [name, legs] :
           {std::pair{"ant", 6}, {"bee", 6}, {"cat", 4}, {"Dog", 4}, {"100%_eel!", 0}, {"fly", 6}}) {
        session.execute("insert into animal (name, legs) values (:name, :legs)", name, legs);
      }
    });
  }

  // All names, `limit` at a time.
  template <class Sorting = Query::Sorted>
  Names pages(const Query& query, const Order& order, const Sorting& sorted, std::size_t limit) {
    Names names;
    PageRequest page{.limit = limit, .order = order};
    while (true) {
      auto rows = database_.read(
          [&](Session& session) { return query.rows<std::string, std::int64_t>(session, page, sorted); });
      const bool more = rows.size() > limit;
      if (more) rows.pop_back();
      for (const auto& [name, legs] : rows) names.push_back(name);
      if (!more) return names;
      const auto& [name, legs] = rows.back();
      page.after = has_one_part(sorted) ? Names{name} : Names{std::to_string(legs), name};
    }
  }

  static bool has_one_part(const Query::Sorted& sorted) { return sorted.column == sorted.tie; }
  static bool has_one_part(const std::vector<Query::Key>& keys) { return keys.size() == 1; }

  Database database_{options()};
};

TEST_P(QueryTest, PagesHoldEveryRowOnceInOrder) {
  const Query all("SELECT name, legs FROM animal");
  for (const std::size_t limit : {1U, 2U, 3U, 100U}) {
    const Query::Sorted by_name{.column = "name", .tie = "name"};
    EXPECT_EQ(pages(all, {"name", false}, by_name, limit), (Names{"100%_eel!", "Dog", "ant", "bee", "cat", "fly"}));
    EXPECT_EQ(pages(all, {"name", true}, by_name, limit), (Names{"fly", "cat", "bee", "ant", "Dog", "100%_eel!"}));
    const Query::Sorted by_legs{.column = "legs", .tie = "name", .numeric = true};
    EXPECT_EQ(pages(all, {"legs", false}, by_legs, limit), (Names{"100%_eel!", "Dog", "cat", "ant", "bee", "fly"}));
    EXPECT_EQ(pages(all, {"legs", true}, by_legs, limit), (Names{"ant", "bee", "fly", "Dog", "cat", "100%_eel!"}));
    const std::vector<Query::Key> turning{{.column = "legs", .numeric = true}, {.column = "name"}};
    EXPECT_EQ(pages(all, {"legs", false}, turning, limit), (Names{"100%_eel!", "Dog", "cat", "ant", "bee", "fly"}));
    EXPECT_EQ(pages(all, {"legs", true}, turning, limit), (Names{"fly", "bee", "ant", "cat", "Dog", "100%_eel!"}));
  }
}

TEST_P(QueryTest, AllConditionsHold) {
  Query query("SELECT name, legs FROM animal");
  query.where("legs = :legs", 6).where("name < :most OR name = :one", "b", "fly");
  EXPECT_EQ(pages(query, {"name", false}, {.column = "name", .tie = "name"}, 1), (Names{"ant", "fly"}));
  EXPECT_EQ(database_.read([&](Session& session) { return query.count(session); }), 2);
}

TEST_P(QueryTest, CountsNoFurtherThanItIsTold) {
  Query query("SELECT name, legs FROM animal");
  query.where("legs > :legs", 0);
  const auto count = [&](std::int64_t most) {
    return database_.read([&](Session& session) { return query.count_up_to(session, most); });
  };
  EXPECT_EQ(count(3), 3);
  EXPECT_EQ(count(5), 5);
  EXPECT_EQ(count(100), 5);
}

TEST_P(QueryTest, GroupsWhatTheConditionsLeave) {
  Query query("SELECT legs, count(*) FROM animal");
  query.where("legs > :legs", 0);
  const auto rows = database_.read(
      [&](Session& session) { return query.all<std::int64_t, std::int64_t>(session, " GROUP BY legs ORDER BY legs"); });
  EXPECT_EQ(rows, (std::vector<std::tuple<std::int64_t, std::int64_t>>{{4, 2}, {6, 3}}));
}

TEST_P(QueryTest, SearchTakesSignsAsTheyAreAndCapitalsAlike) {
  const auto found = [&](std::string_view part) {
    Query query("SELECT name, legs FROM animal");
    query.where(matches("name", "part"), containing(part));
    return pages(query, {"name", false}, {.column = "name", .tie = "name"}, 10);
  };
  EXPECT_EQ(found("dO"), Names{"Dog"});
  EXPECT_EQ(found("%"), Names{"100%_eel!"});
  EXPECT_EQ(found("_"), Names{"100%_eel!"});
  EXPECT_EQ(found("l!"), Names{"100%_eel!"});
  EXPECT_EQ(found("\\"), Names{});
  EXPECT_EQ(found("'"), Names{});
  EXPECT_EQ(found("").size(), 6U);
}

INSTANTIATE_TEST_SUITE_P(Engines, QueryTest, every_engine(), engine_name);

}  // namespace
}  // namespace spectacles::db
