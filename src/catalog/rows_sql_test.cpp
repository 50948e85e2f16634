#include "catalog/rows_sql.h"

#include <gtest/gtest.h>

#include "support/catalog_world.h"

namespace spectacles::catalog {
namespace {

class CatalogRowsTest : public db::OnEveryEngine {
 protected:
  CatalogRowsTest() {
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

TEST_P(CatalogRowsTest, WritesAreBoundToTheRegistry) {
  const auto name = RepositoryPath::parse("a").value();
  const auto tag = TagName::parse("x").value();
  const Manifest manifest{Digest::parse(digest_of('1')).value(), "m"};
  world_.database.write([&](db::Session& session) {
    const auto id = rows::repositories_of(session, first_.id).at(name);
    rows::insert_tag(session, second_.id, id, tag, manifest, world_.clock.now());
    EXPECT_TRUE(rows::tags_of(session, first_.id, id).empty());
    rows::insert_tag(session, first_.id, id, tag, manifest, world_.clock.now());
    rows::move_tag(session, second_.id, id, tag, {Digest::parse(digest_of('2')).value(), "m"}, world_.clock.now());
    rows::delete_tag(session, second_.id, id, tag);
    rows::delete_repository(session, second_.id, id);
    EXPECT_EQ(rows::tags_of(session, first_.id, id), (std::map<TagName, Manifest>{{tag, manifest}}));
    EXPECT_TRUE(rows::tags_of(session, second_.id, id).empty());
  });
}

INSTANTIATE_TEST_SUITE_P(Engines, CatalogRowsTest, db::every_engine(), db::engine_name);

}  // namespace
}  // namespace spectacles::catalog
