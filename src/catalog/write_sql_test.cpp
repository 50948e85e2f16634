#include "catalog/write_sql.h"

#include <gtest/gtest.h>

#include "support/catalog_world.h"

namespace spectacles::catalog {
namespace {

class CatalogWritesTest : public db::OnEveryEngine {
 protected:
  CatalogWritesTest() {
    add(first_, "a");
    add(second_, "a");
  }

  void add(const registries::Registry& registry, const std::string& name) {
    world_.database.write([&](db::Session& session) {
      rows::insert_repository(session, registry.id, RepositoryPath::parse(name).value(), world_.clock.now());
    });
  }

  World world_{options()};
  registries::Registry second_ = world_.add_registry("second", "http://localhost:2");
  registries::Registry first_ = world_.add_registry("first", "http://localhost:1");
};

TEST_P(CatalogWritesTest, WritesAreBoundToTheRegistry) {
  const auto name = RepositoryPath::parse("a").value();
  const auto tag = TagName::parse("x").value();
  const auto digest = Digest::parse(digest_of('1')).value();
  world_.database.write([&](db::Session& session) {
    const auto now = world_.clock.now();
    const auto id = rows::find_known(session, first_.id, name).value().id;
    const auto manifest = rows::insert_unread_manifest(session, first_.id, digest, "m", now);
    rows::insert_tags(session, second_.id, id, {{tag, {digest, "m"}, manifest}}, now);
    EXPECT_TRUE(rows::known_tags(session, first_.id, id).empty());
    rows::insert_tags(session, first_.id, id, {{tag, {digest, "m"}, manifest}}, now);
    rows::move_tag(session, second_.id, id, {tag, {Digest::parse(digest_of('2')).value(), "m"}, manifest}, now);
    rows::miss_tag(session, second_.id, id, tag, digest, 0, now);
    rows::delete_tag(session, second_.id, id, tag);
    EXPECT_FALSE(rows::delete_missing_tag(session, second_.id, id, tag));
    rows::miss_repository(session, second_.id, id, 0, now);
    EXPECT_FALSE(rows::delete_missing_repository(session, second_.id, id));
    const auto tags = rows::known_tags(session, first_.id, id);
    ASSERT_EQ(tags.size(), 1U);
    EXPECT_EQ(tags.at(tag).manifest, (Manifest{digest, "m"}));
    EXPECT_EQ(tags.at(tag).missing_passes, 0);
    EXPECT_TRUE(rows::known_tags(session, second_.id, id).empty());
    EXPECT_EQ(rows::find_known(session, first_.id, name).value().missing_passes, 0);
  });
}

INSTANTIATE_TEST_SUITE_P(Engines, CatalogWritesTest, db::every_engine(), db::engine_name);

}  // namespace
}  // namespace spectacles::catalog
