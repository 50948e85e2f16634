// What passes write, on every engine.
#include <gtest/gtest.h>

#include "support/catalog_world.h"

namespace spectacles::catalog {
namespace {

using namespace std::chrono_literals;
using support::http_answer;

class SyncEnginesTest : public db::OnEveryEngine {
 protected:
  SyncOutcome sync() {
    world_.clock.advance(1min);
    const auto result = world_.sync(registry_);
    EXPECT_TRUE(result.outcome == SyncOutcome::complete || !result.detail.empty());
    return result.outcome;
  }

  template <class T>
  T single(const std::string& sql) {
    return world_.database.read([&](db::Session& session) { return session.single<T>(sql); });
  }

  // Many repositories of some tags each.
  static FakeRegistry::Content many(int repositories, int tags) {
    FakeRegistry::Content content;
    for (int r = 0; r < repositories; ++r) {
      for (int t = 0; t < tags; ++t) content["r" + std::to_string(r)]["t" + std::to_string(t)] = '1';
    }
    return content;
  }

  World world_{options()};
  FakeRegistry fake_{{{"a", {{"x", '1'}, {"y", '2'}}}, {"b/c", {{"x", '3'}}}}};
  registries::Registry registry_ = world_.add_registry("main", fake_.url());
};

TEST_P(SyncEnginesTest, FollowsWhatTheRegistryHas) {
  ASSERT_EQ(sync(), SyncOutcome::complete);
  fake_.set({{"a", {{"x", '1'}, {"y", '4'}, {"z", '5'}}}, {"b/c", {}}, {"d", {{"x", '1'}}}});
  EXPECT_EQ(sync(), SyncOutcome::complete);
  EXPECT_EQ(world_.content(registry_), "a:x=1 a:y=4 a:z=5 b/c:x!=3 d:x=1") << "what is missing once stays";
  EXPECT_EQ(sync(), SyncOutcome::complete);
  EXPECT_EQ(world_.content(registry_), "a:x=1 a:y=4 a:z=5 b/c d:x=1");
  fake_.set({});
  EXPECT_EQ(sync(), SyncOutcome::complete);
  EXPECT_EQ(world_.content(registry_), "a!:x=1 a!:y=4 a!:z=5 b/c! d!:x=1");
  EXPECT_EQ(sync(), SyncOutcome::complete);
  EXPECT_EQ(world_.content(registry_), "");
  EXPECT_EQ(single<std::int64_t>("SELECT count(*) FROM manifest"), 0);
  auto events = world_.events();
  std::sort(events.begin(), events.end());
  EXPECT_EQ(events, (std::vector<std::string>{"repository.gone main: a", "repository.gone main: b/c",
                                              "repository.gone main: d", "tag.found main: a:x", "tag.found main: a:y",
                                              "tag.found main: a:z", "tag.found main: b/c:x", "tag.found main: d:x",
                                              "tag.gone main: b/c:x", "tag.moved main: a:y"}));
}

TEST_P(SyncEnginesTest, WhatIsShownAgainWasNeverGone) {
  ASSERT_EQ(sync(), SyncOutcome::complete);
  for (int i = 0; i < 3; ++i) {
    fake_.set({{"a", {{"x", '1'}}}});
    EXPECT_EQ(sync(), SyncOutcome::complete);
    EXPECT_EQ(world_.content(registry_), "a:x=1 a:y!=2 b/c!:x=3");
    fake_.set({{"a", {{"x", '1'}, {"y", '2'}}}, {"b/c", {{"x", '3'}}}});
    EXPECT_EQ(sync(), SyncOutcome::complete);
    EXPECT_EQ(world_.content(registry_), "a:x=1 a:y=2 b/c:x=3");
  }
}

TEST_P(SyncEnginesTest, APassThatIsNotCompleteNeitherCountsNorBreaksTheRun) {
  ASSERT_EQ(sync(), SyncOutcome::complete);
  fake_.set({{"a", {{"x", '1'}}}, {"b/c", {{"x", '3'}}}});
  EXPECT_EQ(sync(), SyncOutcome::complete);
  fake_.override_with("/v2/b/c/tags/list?n=1000", {http_answer(500, "", "")});
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(sync(), SyncOutcome::partial);
    EXPECT_EQ(world_.content(registry_), "a:x=1 a:y!=2 b/c:x=3");
  }
  fake_.restore();
  EXPECT_EQ(sync(), SyncOutcome::complete);
  EXPECT_EQ(world_.content(registry_), "a:x=1 b/c:x=3");
}

TEST_P(SyncEnginesTest, MuchThatVanishesAtOnceWaits) {
  fake_.set(many(30, 2));
  ASSERT_EQ(sync(), SyncOutcome::complete);
  fake_.set(many(9, 2));
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(sync(), SyncOutcome::complete);
    EXPECT_EQ(single<std::int64_t>("SELECT count(*) FROM repository"), 30);
  }
  const auto state = [&] {
    return world_.database.read([&](db::Session& s) { return load_sync_state(s, registry_.id, world_.clock.now()); });
  };
  EXPECT_EQ(state().brake, (SyncBrake{world_.clock.now() - 1min, 21, 42}));
  EXPECT_EQ(world_.events().back(), "catalog.braked main");
  world_.database.write([&](db::Session& s) { EXPECT_TRUE(request_pass(s, registry_.id, world_.clock.now(), true)); });
  fake_.override_with("/v2/_catalog?n=1000", {http_answer(500, "", "")});
  EXPECT_EQ(sync(), SyncOutcome::failed);
  EXPECT_TRUE(state().brake) << "a pass that is not complete uses no confirmation up";
  fake_.restore();
  EXPECT_EQ(sync(), SyncOutcome::complete);
  EXPECT_EQ(single<std::int64_t>("SELECT count(*) FROM repository"), 9);
  EXPECT_EQ(state().brake, std::nullopt);
  fake_.set({});
  EXPECT_EQ(sync(), SyncOutcome::complete);
  EXPECT_EQ(sync(), SyncOutcome::complete);
  EXPECT_EQ(world_.content(registry_), "") << "few are no brake, however large a share";
}

TEST_P(SyncEnginesTest, TheBrakeLetsGoWhenAllIsThereAgain) {
  fake_.set(many(3, 100));
  ASSERT_EQ(sync(), SyncOutcome::complete);
  fake_.set(many(3, 10));
  EXPECT_EQ(sync(), SyncOutcome::complete);
  EXPECT_EQ(sync(), SyncOutcome::complete);
  EXPECT_EQ(single<std::int64_t>("SELECT vanished_tags FROM registry_sync"), 270);
  fake_.set(many(3, 99));
  EXPECT_EQ(sync(), SyncOutcome::complete);
  EXPECT_EQ(single<std::int64_t>("SELECT count(*) FROM tag"), 297);
  EXPECT_EQ(single<std::optional<Time>>("SELECT braked_at FROM registry_sync"), std::nullopt);
}

TEST_P(SyncEnginesTest, KeepsWhatADigestStandsForOnceAndMeasuresIt) {
  const auto one = static_cast<std::int64_t>(manifest_of('1').size() + config_of('1').size() + 13 + 100);
  fake_.set({{"a", {{"v1.9", '1'}, {"v1.10", '1'}, {"w", '2'}}}, {"b/c", {{"x", '1'}}}});
  ASSERT_EQ(sync(), SyncOutcome::complete);
  EXPECT_EQ(single<std::int64_t>("SELECT count(*) FROM manifest WHERE state = 'read'"), 2);
  EXPECT_EQ(single<std::int64_t>("SELECT count(*) FROM manifest_part"), 6);
  EXPECT_EQ(single<std::string>("SELECT bytes FROM manifest WHERE platform = 'linux/1'"), manifest_of('1'));
  EXPECT_EQ(single<std::string>("SELECT config FROM manifest WHERE platform = 'linux/1'"), config_of('1'));
  EXPECT_EQ(single<std::int64_t>("SELECT max(size) FROM tag WHERE name = 'v1.9'"), one);
  EXPECT_EQ(single<std::int64_t>("SELECT size FROM repository WHERE name = 'b/c'"), one);
  EXPECT_EQ(single<std::int64_t>("SELECT size FROM repository WHERE name = 'a'"), 2 * one - 13)
      << "the layer that both share counts once";
  EXPECT_EQ(single<std::int64_t>("SELECT tag_count FROM repository WHERE name = 'a'"), 3);
  EXPECT_EQ(single<std::string>("SELECT name FROM tag ORDER BY natural_name LIMIT 1"), "v1.9");
  fake_.set({{"a", {{"v1.9", '1'}}}, {"b/c", {{"x", '1'}}}});
  EXPECT_EQ(sync(), SyncOutcome::complete);
  EXPECT_EQ(sync(), SyncOutcome::complete);
  EXPECT_EQ(single<std::int64_t>("SELECT size FROM repository WHERE name = 'a'"), one);
  EXPECT_EQ(single<std::int64_t>("SELECT tag_count FROM repository WHERE name = 'a'"), 1);
  EXPECT_EQ(single<std::int64_t>("SELECT count(*) FROM manifest"), 1) << "what nothing leads to is gone";
}

TEST_P(SyncEnginesTest, MeasuresAnIndexByWhatItLeadsTo) {
  const auto child = [](char letter) { return descriptor_of(image_type, manifest_of(letter)); };
  const auto index = fmt::format(R"({{"manifests":[{},{},{}]}})", child('1'), child('2'), child('1'));
  fake_.tag("a", "x", index_type, index);
  ASSERT_EQ(sync(), SyncOutcome::complete);
  const auto parts = static_cast<std::int64_t>(manifest_of('1').size() + config_of('1').size() + 100);
  EXPECT_EQ(single<std::int64_t>("SELECT size FROM tag WHERE name = 'x' ORDER BY size DESC LIMIT 1"),
            static_cast<std::int64_t>(index.size()) + 2 * parts + 13);
  EXPECT_EQ(single<std::int64_t>("SELECT count(*) FROM manifest WHERE state = 'read'"), 4) << "with both images";
  EXPECT_EQ(sync(), SyncOutcome::complete);
  EXPECT_EQ(single<std::int64_t>("SELECT count(*) FROM manifest"), 4) << "an index keeps what it leads to";
}

// As the migration leaves them, and as other programs than this one may.
TEST_P(SyncEnginesTest, FillsInWhatIsNotKnownOfOldRows) {
  ASSERT_EQ(sync(), SyncOutcome::complete);
  world_.database.write([](db::Session& session) {
    session.execute("UPDATE tag SET manifest_id = NULL, size = 0, natural_name = ''");
    session.execute("UPDATE repository SET natural_name = ''");
    session.execute("DELETE FROM manifest");
  });
  const auto events = world_.events().size();
  ASSERT_EQ(sync(), SyncOutcome::complete);
  EXPECT_EQ(single<std::int64_t>("SELECT count(*) FROM tag t JOIN manifest m ON m.id = t.manifest_id "
                                 "WHERE t.size = m.size AND t.natural_name <> ''"),
            3);
  EXPECT_EQ(single<std::int64_t>("SELECT count(*) FROM repository WHERE natural_name = ''"), 0);
  EXPECT_EQ(world_.events().size(), events);
}

INSTANTIATE_TEST_SUITE_P(Engines, SyncEnginesTest, db::every_engine(), db::engine_name);

}  // namespace
}  // namespace spectacles::catalog
