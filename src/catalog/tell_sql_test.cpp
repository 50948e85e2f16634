// What webhooks are told of tags: each thing once, whoever finds it out first. On every engine.
#include "catalog/tell_sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "catalog/forget_sql.h"
#include "catalog/inbox_sql.h"
#include "hooks/rows_sql.h"
#include "support/catalog_world.h"

namespace spectacles::catalog {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// A registry with the namespace "team", which has a webhook, and one repository with two tags, passed over once.
class TellTest : public db::OnEveryEngine {
 protected:
  TellTest() {
    world_.database.write([&](db::Session& session) {
      const auto alice = session.insert(
          "INSERT INTO account (username, password_hash, role, created_at, changed_at) "
          "VALUES ('alice', 'x', 'user', 0, 0)");
      const NamespaceId team(session.insert(
          "INSERT INTO namespace (registry_id, name, owner_id, description, member_access, group_access, "
          "other_access, anonymous_access, created_at, changed_at) "
          "VALUES (:registry, 'team', :owner, '', 'NONE', 'NONE', 'NONE', 'NONE', 0, 0)",
          registry_.id, alice));
      hooks::rows::insert_webhook(session,
                                  {.id = hooks::WebhookId(0),
                                   .ns = team,
                                   .name = Label::parse("hook").value(),
                                   .url = hooks::WebhookUrl::parse("https://hooks.example.org/").value(),
                                   .events = {hooks::HookEvent::push, hooks::HookEvent::remove},
                                   .enabled = true,
                                   .created_at = world_.clock.now()},
                                  world_.clock.now());
    });
    pass();
  }

  void pass() {
    world_.clock.advance(1min);
    EXPECT_EQ(world_.sync(registry_).outcome, SyncOutcome::complete);
  }

  void notify(NotificationAction action, const std::string& tag, char letter, Time at) {
    inbox_.keep(registry_.id, {{.event_id = "event " + std::to_string(++events_),
                                .action = action,
                                .at = at,
                                .repository = app_,
                                .tag = tag.empty() ? std::nullopt : std::optional(TagName::parse(tag).value()),
                                .digest = Digest::parse(digest_of(letter)).value(),
                                .media_type = image_type,
                                .actor = "alice",
                                .address = ""}});
    while (inbox_.apply_some()) {
    }
  }

  // "push x=1 alice": what was told since the last time.
  std::vector<std::string> told() {
    return world_.database.write([](db::Session& session) {
      std::vector<std::string> all;
      for (const auto& [event, text] :
           session.rows<std::string, std::string>("SELECT event, body FROM webhook_delivery ORDER BY id")) {
        const auto body = boost::json::parse(text).as_object();
        EXPECT_EQ(body.at("repository").as_string(), "team/app");
        const auto actor = body.at("actor").is_null() ? std::string("-") : std::string(body.at("actor").as_string());
        all.push_back(fmt::format("{} {}={} {}", event, std::string(body.at("tag").as_string()),
                                  letter_of(Digest::parse(body.at("digest").as_string()).value()), actor));
      }
      session.execute("DELETE FROM webhook_delivery");
      return all;
    });
  }

  const RepositoryPath app_ = RepositoryPath::parse("team/app").value();
  World world_{options()};
  FakeRegistry fake_{{{"team/app", {{"x", '1'}, {"y", '2'}}}, {"elsewhere", {{"x", '1'}}}}};
  registries::Registry registry_ = world_.add_registry("main", fake_.url());
  Inbox inbox_{world_.database, world_.recorder, world_.clock};
  int events_ = 0;
};

TEST_P(TellTest, WhatWasThereBeforeTheFirstPassIsNoNews) {
  EXPECT_THAT(told(), IsEmpty());
}

TEST_P(TellTest, APassTellsOfNewMovedAndVanishedTagsOnce) {
  fake_.set({{"team/app", {{"x", '3'}, {"y", '2'}, {"z", '4'}}}, {"elsewhere", {{"x", '5'}}}});
  pass();
  EXPECT_THAT(told(), UnorderedElementsAre("push x=3 -", "push z=4 -"));
  pass();
  EXPECT_THAT(told(), IsEmpty());
  fake_.set({{"team/app", {{"x", '3'}}}, {"elsewhere", {}}});
  pass();
  EXPECT_THAT(told(), IsEmpty()) << "what is missing once may come back";
  pass();
  EXPECT_THAT(told(), UnorderedElementsAre("delete y=2 -", "delete z=4 -"));
  fake_.set({});
  pass();
  pass();
  EXPECT_THAT(told(), ElementsAre("delete x=3 -")) << "with its repository";
}

TEST_P(TellTest, ANotificationThatComesAfterThePassIsNotToldAgain) {
  fake_.set({{"team/app", {{"x", '3'}, {"y", '2'}}}});
  const auto pushed_at = world_.clock.now() + 30s;
  pass();
  EXPECT_THAT(told(), ElementsAre("push x=3 -"));
  notify(NotificationAction::push, "x", '3', pushed_at);
  EXPECT_THAT(told(), IsEmpty());
  notify(NotificationAction::push, "x", '3', pushed_at + 1s);
  EXPECT_THAT(told(), ElementsAre("push x=3 alice")) << "the same again is another push";
}

TEST_P(TellTest, APushThatAPassOvertookIsToldBesideTheOneItFound) {
  fake_.set({{"team/app", {{"x", '4'}, {"y", '2'}}}});
  const auto pushed_at = world_.clock.now();
  pass();
  notify(NotificationAction::push, "x", '3', pushed_at);
  notify(NotificationAction::push, "x", '4', pushed_at + 1s);
  EXPECT_THAT(told(), ElementsAre("push x=4 -", "push x=3 alice"));
}

TEST_P(TellTest, APassThatComesAfterTheNotificationTellsNothing) {
  fake_.set({{"team/app", {{"x", '3'}, {"y", '2'}, {"z", '4'}}}});
  notify(NotificationAction::push, "x", '3', world_.clock.now());
  notify(NotificationAction::push, "z", '4', world_.clock.now());
  pass();
  EXPECT_THAT(told(), ElementsAre("push x=3 alice", "push z=4 alice"));
  // A clock that is behind: the push seems older than what the last pass found, so that a pass is to decide.
  fake_.set({{"team/app", {{"x", '5'}, {"y", '2'}, {"z", '4'}}}});
  pass();
  fake_.set({{"team/app", {{"x", '6'}, {"y", '2'}, {"z", '4'}}}});
  notify(NotificationAction::push, "x", '6', world_.clock.now() - 30s);
  pass();
  EXPECT_EQ(world_.content(registry_), "team/app:x=6 team/app:y=2 team/app:z=4");
  EXPECT_THAT(told(), ElementsAre("push x=5 -", "push x=6 alice"));
}

TEST_P(TellTest, ADeletionOfOursIsToldOnceWithWhoDidIt) {
  const auto tag = TagName::parse("x").value();
  const auto forget = [&](char letter) {
    world_.database.write([&](db::Session& session) {
      forget_tags(session, registry_.id, app_, {tag}, Digest::parse(digest_of(letter)).value(), "bob",
                  world_.clock.now());
    });
  };
  forget('7');
  EXPECT_THAT(told(), IsEmpty()) << "it stands for something else";
  forget('1');
  forget('1');
  EXPECT_THAT(told(), ElementsAre("delete x=1 bob"));
  fake_.set({{"team/app", {{"y", '2'}}}});
  notify(NotificationAction::remove, "", '1', world_.clock.now());
  pass();
  pass();
  EXPECT_THAT(told(), IsEmpty());
}

TEST_P(TellTest, ATagOnItsWayOutHasNotMoved) {
  const auto begin = [&](char letter) {
    world_.database.write([&](db::Session& session) {
      session.execute(
          "INSERT INTO tag_removal (registry_id, repository, tag, placeholder, begun_at) "
          "VALUES (:registry, 'team/app', 'x', :digest, 0)",
          registry_.id, digest_of(letter));
    });
  };
  begin('9');
  fake_.set({{"team/app", {{"x", '9'}, {"y", '2'}}}, {"elsewhere", {{"x", '1'}}}});
  pass();
  EXPECT_THAT(told(), IsEmpty());
  EXPECT_EQ(world_.content(registry_), "elsewhere:x=1 team/app:x=1 team/app:y=2");
}

TEST_P(TellTest, ForgetsAfterAWeekWhatNoNotificationBrought) {
  fake_.set({{"team/app", {{"x", '3'}, {"y", '2'}}}});
  pass();
  const auto count = [&] {
    return world_.database.read(
        [](db::Session& session) { return session.single<std::int64_t>("SELECT count(*) FROM found_push"); });
  };
  inbox_.clean();
  EXPECT_EQ(count(), 1);
  world_.clock.advance(24h * 7 + 1s);
  inbox_.clean();
  EXPECT_EQ(count(), 0);
}

INSTANTIATE_TEST_SUITE_P(Engines, TellTest, db::every_engine(), db::engine_name);

}  // namespace
}  // namespace spectacles::catalog
