#include "catalog/tags_sql.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/catalog_rows.h"

namespace spectacles::catalog {
namespace {

class TagLists : public db::OnEveryEngine {
 protected:
  TagLists() {
    std::vector<std::string> names{"latest", "Latest", "v1.9", "v1.10", "_x", "a_b", "axb"};
    for (int i = 0; i < 60; ++i) names.push_back("build-" + std::to_string(i));
    rows_.add_tags(repository_, names);
    rows_.add_tags(other_, {"latest", "elsewhere"});
    rows_.database.write([&](db::Session& session) {
      session.execute("UPDATE tag SET pulled_at = size * 1000, changed_at = pushed_at + 7");
    });
  }

  std::vector<Tag> read_all(const Order& order, std::size_t limit, const std::string& search = "") {
    std::vector<Tag> tags;
    PageRequest page{.limit = limit, .after = {}, .order = order};
    const auto repository = repository_row();
    while (true) {
      auto found = rows_.store.list_tags(repository, search, page);
      total_ = found.total;
      const bool is_last = found.rows.size() <= limit;
      if (!is_last) found.rows.pop_back();
      for (auto& one : found.rows) tags.push_back(one);
      if (is_last) return tags;
      page.after = key_of(tags.back(), order);
    }
  }

  Repository repository_row() {
    return rows_.database.read(
        [&](db::Session& session) { return rows::find_repository(session, repository_).value(); });
  }

  CatalogRows rows_{options()};
  RegistryId registry_ = rows_.add_registry("main");
  RepositoryId repository_ = rows_.add_repository(registry_, {.name = "team/app"});
  RepositoryId other_ = rows_.add_repository(registry_, {.name = "team/other"});
  std::int64_t total_ = 0;
};

TEST_P(TagLists, InEveryOrderAndPagesOfAnySize) {
  for (const auto* sort : {"name", "size", "pushed", "pulled", "changed_at"}) {
    for (const bool descending : {false, true}) {
      const Order order{sort, descending};
      const auto whole = read_all(order, 500);
      ASSERT_EQ(whole.size(), 67U);
      EXPECT_EQ(total_, 67);
      for (std::size_t i = 1; i < whole.size(); ++i) {
        auto left = key_of(whole[i - 1], order);
        auto right = key_of(whole[i], order);
        if (order.by != "name") {
          left.front() = sortable(std::stoll(left.front()));
          right.front() = sortable(std::stoll(right.front()));
        }
        EXPECT_TRUE(descending ? right < left : left < right) << order.str() << " " << left.back();
      }
      for (const std::size_t limit : {1U, 7U, 66U, 67U}) EXPECT_EQ(read_all(order, limit), whole) << order.str();
    }
  }
}

TEST_P(TagLists, NumbersInNamesCompareByTheirValue) {
  const auto tags = read_all({"name"}, 500, "v1");
  ASSERT_EQ(tags.size(), 2U);
  EXPECT_EQ(tags[0].name.str(), "v1.9");
  EXPECT_EQ(tags[1].name.str(), "v1.10");
}

TEST_P(TagLists, SearchesPartsOfNames) {
  EXPECT_EQ(read_all({"name"}, 500, "a_b").size(), 1U) << "_ stands for itself";
  EXPECT_EQ(read_all({"name"}, 500, "LATEST").size(), 2U);
  EXPECT_EQ(read_all({"-size"}, 500, "elsewhere").size(), 0U);
  EXPECT_EQ(read_all({"name"}, 3, "build").size(), 60U);
  EXPECT_EQ(total_, 60);
}

INSTANTIATE_TEST_SUITE_P(Engines, TagLists, db::every_engine(), db::engine_name);

}  // namespace
}  // namespace spectacles::catalog
