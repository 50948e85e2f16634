// What happens while a pass is under way, and is told by a notification before the pass writes down what it read.
#include <gtest/gtest.h>

#include "catalog/inbox_sql.h"
#include "support/catalog_world.h"

namespace spectacles::catalog {
namespace {

using namespace std::chrono_literals;

class RaceTest : public db::OnEveryEngine {
 protected:
  // It asks one thing after another: the catalog, both lists, the tags of a, those of b/c.
  SyncOutcome sync() {
    world_.clock.advance(1min);
    ApiLimits limits;
    limits.at_once = 1;
    return world_.sync(registry_, limits).outcome;
  }

  void tell(NotificationAction action, const std::string& tag, const std::string& digest) {
    const bool is_push = action == NotificationAction::push;
    inbox_.keep(registry_.id, {{.event_id = std::to_string(++events_),
                                .action = action,
                                .at = world_.clock.now(),
                                .repository = RepositoryPath::parse("a").value(),
                                .tag = tag.empty() ? std::nullopt : std::optional(TagName::parse(tag).value()),
                                .digest = digest.empty() ? std::nullopt : std::optional(Digest::parse(digest).value()),
                                .media_type = is_push ? image_type : "",
                                .actor = "alice",
                                .address = ""}});
    while (inbox_.apply_some()) {
    }
  }
  void push(const std::string& tag, char letter) { tell(NotificationAction::push, tag, digest_of(letter)); }
  void remove_tag(const std::string& tag) { tell(NotificationAction::remove, tag, ""); }
  void remove_digest(char letter) { tell(NotificationAction::remove, "", digest_of(letter)); }

  // After the pass has read the list of tags and what all of them stand for, and before it writes that down.
  void meanwhile(std::function<void()> happens) { fake_.when_asked("/v2/b/c/manifests/last", std::move(happens)); }

  World world_{options()};
  FakeRegistry fake_{{{"a", {{"x", '1'}, {"y", '2'}}}, {"b/c", {{"last", '3'}}}}};
  registries::Registry registry_ = world_.add_registry("main", fake_.url());
  Inbox inbox_{world_.database, world_.recorder, world_.clock};
  int events_ = 0;
};

TEST_P(RaceTest, ADeletionIsNotUndone) {
  ASSERT_EQ(sync(), SyncOutcome::complete);
  meanwhile([&] { remove_tag("x"); });
  fake_.set({{"a", {{"x", '4'}, {"y", '2'}}}, {"b/c", {{"last", '5'}}}});
  EXPECT_EQ(sync(), SyncOutcome::complete);
  EXPECT_EQ(world_.content(registry_), "a:y=2 b/c:last=5");
}

TEST_P(RaceTest, ADeletionOfWhatWasNotKnownIsNotUndone) {
  ASSERT_EQ(sync(), SyncOutcome::complete);
  fake_.set({{"a", {{"new", '4'}, {"other", '5'}, {"x", '1'}, {"y", '2'}}}, {"b/c", {{"last", '3'}}}});
  meanwhile([&] {
    remove_tag("new");
    remove_digest('5');
  });
  EXPECT_EQ(sync(), SyncOutcome::complete);
  EXPECT_EQ(world_.content(registry_), "a:x=1 a:y=2 b/c:last=3");
  EXPECT_EQ(sync(), SyncOutcome::complete);
  EXPECT_EQ(world_.content(registry_), "a:new=4 a:other=5 a:x=1 a:y=2 b/c:last=3") << "it is there after all";
}

TEST_P(RaceTest, APushIsNotUndone) {
  ASSERT_EQ(sync(), SyncOutcome::complete);
  fake_.set({{"a", {{"new", '4'}, {"x", '5'}, {"y", '2'}}}, {"b/c", {{"last", '3'}}}});
  meanwhile([&] {
    push("x", '6');
    push("new", '7');
    push("newer", '8');
  });
  EXPECT_EQ(sync(), SyncOutcome::complete);
  EXPECT_EQ(world_.content(registry_), "a:new=7 a:newer=8 a:x=6 a:y=2 b/c:last=3");
  fake_.set({{"a", {{"new", '7'}, {"newer", '8'}, {"x", '6'}, {"y", '2'}}}, {"b/c", {{"last", '3'}}}});
  EXPECT_EQ(sync(), SyncOutcome::complete);
  EXPECT_EQ(world_.content(registry_), "a:new=7 a:newer=8 a:x=6 a:y=2 b/c:last=3");
}

TEST_P(RaceTest, WhatIsPushedAgainDoesNotGo) {
  ASSERT_EQ(sync(), SyncOutcome::complete);
  fake_.set({{"b/c", {{"last", '3'}}}, {"d", {}}});
  ASSERT_EQ(sync(), SyncOutcome::complete);
  ASSERT_EQ(world_.content(registry_), "a!:x=1 a!:y=2 b/c:last=3 d");
  meanwhile([&] { push("x", '1'); });
  EXPECT_EQ(sync(), SyncOutcome::complete);
  EXPECT_EQ(world_.content(registry_), "a:x=1 a:y=2 b/c:last=3 d");

  fake_.set({{"a", {{"y", '2'}}}, {"b/c", {{"last", '3'}}}, {"d", {}}});
  ASSERT_EQ(sync(), SyncOutcome::complete);
  ASSERT_EQ(world_.content(registry_), "a:x!=1 a:y=2 b/c:last=3 d");
  meanwhile([&] { push("x", '9'); });
  EXPECT_EQ(sync(), SyncOutcome::complete);
  EXPECT_EQ(world_.content(registry_), "a:x=9 a:y=2 b/c:last=3 d");
}

INSTANTIATE_TEST_SUITE_P(Engines, RaceTest, db::every_engine(), db::engine_name);

}  // namespace
}  // namespace spectacles::catalog
