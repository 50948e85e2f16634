#include "removal/trash_sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/removal_world.h"

namespace spectacles::removal {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class TrashTest : public StoreTest {
 protected:
  // Bytes that no text of any engine takes as they are.
  const std::vector<KeptManifest> tree_{{.manifest = {digest('2'), "image"}, .bytes = std::string("\0\xff\xfe{", 4)},
                                        {.manifest = {digest('1'), "index"}, .bytes = "{\"a\": 1}\n"}};
  TrashStore trash_{database_, recorder_, clock_};
};

TEST_P(TrashTest, KeepsTheVeryBytesInTheirOrder) {
  const auto id = trash_.begin(occasion(), tree_, {tag("a"), tag("b")});
  EXPECT_EQ(trash_.manifests(id), tree_);
  const auto entry = trash_.find(id).value();
  EXPECT_EQ(entry.state, TrashState::deleting);
  EXPECT_EQ(entry.manifest, tree_[1].manifest);
  EXPECT_THAT(entry.tags, ElementsAre(tag("a"), tag("b")));
  EXPECT_EQ(entry.deleted_by, "alice");
  EXPECT_EQ(entry.size, 13);
  EXPECT_THAT(events(), IsEmpty());
}

TEST_P(TrashTest, WhatTheRegistryHasDeletedIsKeptAndForgottenElsewhere) {
  insert_tag("a", '1');
  insert_tag("b", '1');
  insert_tag("moved", '3');
  const auto id = trash_.begin(occasion(), tree_, {tag("a"), tag("moved")});
  trash_.finish(occasion(), id, tree_[1].manifest, {tag("a"), tag("moved")}, true);
  EXPECT_EQ(trash_.find(id)->state, TrashState::kept);
  EXPECT_THAT(known_tags(), ElementsAre("b", "moved")) << "one that stands for something else meanwhile stays";
  EXPECT_EQ(events().size(), 3U);
  EXPECT_EQ(events().front(), "tag.deleted main: team/app:a");
  EXPECT_EQ(events().back(), "manifest.deleted main: team/app@" + digest('1').str());
}

TEST_P(TrashTest, WhatItHasNotLeavesNothing) {
  const auto id = trash_.begin(occasion(), tree_, {tag("a")});
  trash_.forget(id);
  EXPECT_FALSE(trash_.find(id));
  EXPECT_THAT(trash_.manifests(id), IsEmpty());
}

TEST_P(TrashTest, IsDoubtedAfterACollectionAndSettled) {
  const auto one = trash_.begin(occasion(), tree_, {});
  trash_.finish(occasion(), one, tree_[1].manifest, {}, true);
  const auto under_way = trash_.begin(occasion(), tree_, {});
  database_.write([&](db::Session& session) { doubt_trash(session, registry_.id, clock_.now()); });
  ASSERT_EQ(trash_.unverified(registry_.id, 10).size(), 1U);
  EXPECT_EQ(trash_.unverified(registry_.id, 10)[0].id, one);
  trash_.mark_gone(one);
  EXPECT_EQ(trash_.find(one)->state, TrashState::gone);
  trash_.mark_kept(one);
  EXPECT_EQ(trash_.find(one)->state, TrashState::kept);
  EXPECT_THAT(trash_.abandoned(registry_.id, clock_.now(), 10), IsEmpty());
  ASSERT_EQ(trash_.abandoned(registry_.id, clock_.now() + 1ms, 10).size(), 1U);
  EXPECT_EQ(trash_.abandoned(registry_.id, clock_.now() + 1ms, 10)[0].id, under_way);
  const auto tag_under_way = trash_.begin_tag(registry_.id, occasion().repository, tag("a"), digest('7'));
  EXPECT_THAT(trash_.abandoned(registry_.id, clock_.now() + 1ms, 10), IsEmpty()) << "one of its tags is on the way out";
  trash_.end_tag(tag_under_way);
  EXPECT_EQ(trash_.abandoned(registry_.id, clock_.now() + 1ms, 10).size(), 1U);
}

TEST_P(TrashTest, PurgesWhatIsOld) {
  const auto old = trash_.begin(occasion(), tree_, {});
  clock_.advance(1h);
  const auto young = trash_.begin(occasion(), tree_, {});
  EXPECT_EQ(trash_.purge(clock_.now()), 1);
  EXPECT_FALSE(trash_.find(old));
  EXPECT_TRUE(trash_.find(young));
}

TEST_P(TrashTest, RemembersTagsUnderWay) {
  const auto id = trash_.begin_tag(registry_.id, occasion().repository, tag("a"), digest('7'));
  EXPECT_THAT(trash_.pending_tags(registry_.id, clock_.now()), IsEmpty()) << "somebody is at it";
  const auto pending = trash_.pending_tags(registry_.id, clock_.now() + 1ms);
  ASSERT_EQ(pending.size(), 1U);
  EXPECT_EQ(pending[0].placeholder, digest('7'));
  EXPECT_EQ(pending[0].id, id);
  trash_.end_tag(id);
  EXPECT_THAT(trash_.pending_tags(registry_.id, clock_.now() + 1ms), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Engines, TrashTest, db::every_engine(), db::engine_name);

}  // namespace
}  // namespace spectacles::removal
