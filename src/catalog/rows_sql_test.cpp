#include "catalog/rows_sql.h"

#include <gtest/gtest.h>

#include "support/catalog_world.h"

namespace spectacles::catalog {
namespace {

PageRequest by_name(const std::optional<TagName>& after = {}) {
  return {.limit = 10, .after = after ? std::vector{after->str()} : std::vector<std::string>{}, .order = {"name"}};
}

class CatalogRowsTest : public db::OnEveryEngine {
 protected:
  CatalogRowsTest() {
    for (const auto* name : {"a", "a/b", "z_1", "z-1"}) add(first_, name);
    for (const auto* name : {"a", "q"}) add(second_, name);
  }

  void add(const registries::Registry& registry, const std::string& name) {
    world_.database.write([&](db::Session& session) {
      rows::insert_repository(session, registry.id, RepositoryPath::parse(name).value(), world_.clock.now());
    });
  }

  std::vector<std::string> list(const rows::RepositoryFilter& filter,
                                const std::optional<rows::RepositoryPlace>& after = {}, std::int64_t limit = 100) {
    std::vector<std::string> names;
    world_.database.read([&](db::Session& session) {
      for (const auto& r : rows::list_repositories(session, filter, after, limit)) {
        names.push_back(r.registry_name.str() + "/" + r.name.str());
      }
      if (!after) {
        EXPECT_EQ(rows::count_repositories(session, filter), static_cast<std::int64_t>(names.size()));
      }
      return true;
    });
    return names;
  }

  using Names = std::vector<std::string>;

  World world_{options()};
  registries::Registry second_ = world_.add_registry("second", "http://localhost:2");
  registries::Registry first_ = world_.add_registry("first", "http://localhost:1");
};

TEST_P(CatalogRowsTest, PagesByRegistryAndName) {
  const Names all{"first/a", "first/a/b", "first/z-1", "first/z_1", "second/a", "second/q"};
  EXPECT_EQ(list({}), all);
  Names paged;
  std::optional<rows::RepositoryPlace> place = rows::RepositoryPlace{};
  while (true) {
    const auto page = list({}, place, 1);
    if (page.empty()) break;
    paged.push_back(page.front());
    const auto slash = page.front().find('/');
    place = rows::RepositoryPlace{page.front().substr(0, slash), page.front().substr(slash + 1)};
  }
  EXPECT_EQ(paged, all);
}

TEST_P(CatalogRowsTest, Filters) {
  EXPECT_EQ(list({.search = "", .registry = second_.id}), (Names{"second/a", "second/q"}));
  EXPECT_EQ(list({.search = "b", .registry = {}}), (Names{"first/a/b"}));
  EXPECT_EQ(list({.search = "z_", .registry = {}}), (Names{"first/z_1"})) << "_ stands for itself";
  EXPECT_EQ(list({.search = "%", .registry = {}}), Names{});
  EXPECT_EQ(list({.search = "'; DROP TABLE tag; --", .registry = {}}), Names{});
}

TEST_P(CatalogRowsTest, WritesAreBoundToTheRegistry) {
  const auto name = RepositoryPath::parse("a").value();
  const auto tag = TagName::parse("x").value();
  const auto digest = Digest::parse(digest_of('1')).value();
  world_.database.write([&](db::Session& session) {
    const auto now = world_.clock.now();
    const auto id = rows::find_known(session, first_.id, name).value().id;
    const auto manifest = rows::insert_unread_manifest(session, first_.id, digest, "m", now);
    rows::insert_tags(session, second_.id, id, {{tag, {digest, "m"}, manifest}}, now);
    EXPECT_EQ(rows::list_tags(session, id, "", by_name()).total, 0);
    rows::insert_tags(session, first_.id, id, {{tag, {digest, "m"}, manifest}}, now);
    rows::move_tag(session, second_.id, id, {tag, {Digest::parse(digest_of('2')).value(), "m"}, manifest}, now);
    rows::miss_tag(session, second_.id, id, tag, now);
    rows::delete_tag(session, second_.id, id, tag);
    rows::miss_repository(session, second_.id, id, now);
    rows::delete_repository(session, second_.id, id);
    const auto tags = rows::known_tags(session, first_.id, id);
    ASSERT_EQ(tags.size(), 1U);
    EXPECT_EQ(tags.at(tag).manifest, (Manifest{digest, "m"}));
    EXPECT_EQ(tags.at(tag).missing_passes, 0);
    EXPECT_TRUE(rows::known_tags(session, second_.id, id).empty());
    EXPECT_EQ(rows::find_known(session, first_.id, name).value().missing_passes, 0);
    const auto found = rows::find_repository(session, id);
    EXPECT_EQ(found->tags, 1);
    EXPECT_EQ(rows::list_tags(session, id, "", by_name()).rows.size(), 1U);
    EXPECT_EQ(rows::list_tags(session, id, "", by_name(tag)).rows.size(), 0U);
  });
}

INSTANTIATE_TEST_SUITE_P(Engines, CatalogRowsTest, db::every_engine(), db::engine_name);

}  // namespace
}  // namespace spectacles::catalog
