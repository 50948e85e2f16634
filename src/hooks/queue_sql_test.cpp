#include "hooks/queue_sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "db/migrate.h"
#include "db/test_database.h"
#include "hooks/rows_sql.h"
#include "hooks/signature.h"

namespace spectacles::hooks {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

const PostAnswer success{.status = 204, .problem = ""};
const PostAnswer failure{.status = 500, .problem = "the answer was not one of success"};

class QueueTest : public db::OnEveryEngine {
 protected:
  QueueTest() {
    db::migrate(database_);
    database_.write([&](db::Session& session) {
      const auto alice = session.insert(
          "INSERT INTO account (username, password_hash, role, created_at, changed_at) "
          "VALUES ('alice', 'x', 'user', 0, 0)");
      const auto registry = session.insert(
          "INSERT INTO registry (name, url, public_host, service, key_mode, created_at, changed_at) "
          "VALUES ('main', 'http://localhost:5000', 'localhost:5000', 'Docker registry', 'x5c', 0, 0)");
      team_ = NamespaceId(session.insert(
          "INSERT INTO namespace (registry_id, name, owner_id, description, member_access, group_access, "
          "other_access, anonymous_access, created_at, changed_at) "
          "VALUES (:registry, 'team', :owner, '', 'NONE', 'NONE', 'NONE', 'NONE', 0, 0)",
          registry, alice));
    });
  }

  WebhookId add(const std::string& name, const std::set<HookEvent>& events, bool enabled = true) {
    const Webhook hook{.id = WebhookId(0),
                       .ns = *team_,
                       .name = Label::parse(name).value(),
                       .url = WebhookUrl::parse("https://hooks.example.org/" + name).value(),
                       .events = events,
                       .enabled = enabled,
                       .created_at = clock_.now()};
    return database_.write([&](db::Session& session) { return rows::insert_webhook(session, hook, clock_.now()); });
  }

  void happen(HookEvent event, const std::string& tag = "latest") {
    const Happening happening{.event = event,
                              .at = clock_.now(),
                              .ns = *team_,
                              .ns_name = NamespaceName::parse("team").value(),
                              .registry = Label::parse("main").value(),
                              .registry_host = RegistryHost::parse("localhost:5000").value(),
                              .repository = RepositoryPath::parse("team/app").value(),
                              .tag = TagName::parse(tag).value(),
                              .digest = std::nullopt,
                              .actor = "alice"};
    database_.write([&](db::Session& session) { enqueue(session, happening, clock_.now()); });
  }

  std::vector<std::string> states() {
    std::vector<std::string> all;
    for (const auto& [state] : database_.read([](db::Session& session) {
           return session.rows<std::string>("SELECT state FROM webhook_delivery ORDER BY id");
         })) {
      all.push_back(state);
    }
    return all;
  }

  // Delivers what is due of one webhook; `answer` is what it says. How many that were.
  int deliver(const PostAnswer& answer) {
    const auto claim = queue_.claim();
    if (!claim) return 0;
    int count = 0;
    while (const auto delivery = queue_.next(*claim)) {
      queue_.finish(*claim, *delivery, answer);
      ++count;
      if (!answer.is_success()) break;
    }
    queue_.release(*claim);
    return count;
  }

  ManualClock clock_{from_millis(1'000'000'000)};
  db::Database database_{options()};
  crypto::DerivedSecrets secrets_{Secret("key")};
  DeliveryQueue queue_{database_, secrets_, clock_};
  std::optional<NamespaceId> team_;
};

TEST_P(QueueTest, TellsThoseThatAskForIt) {
  const auto both = add("both", {HookEvent::push, HookEvent::remove});
  add("pulls", {HookEvent::pull});
  add("off", {HookEvent::push}, false);
  happen(HookEvent::push);
  const auto claim = queue_.claim();
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->hook, both);
  const auto delivery = queue_.next(*claim);
  ASSERT_TRUE(delivery);
  EXPECT_EQ(delivery->url.str(), "https://hooks.example.org/both");
  EXPECT_EQ(delivery->secret, secret_of(secrets_, both, 1));
  const auto body = boost::json::parse(delivery->body).as_object();
  EXPECT_EQ(body.at("id").as_string(), delivery->event_id);
  EXPECT_EQ(body.at("event").as_string(), "push");
  EXPECT_EQ(body.at("registry").at("name").as_string(), "main");
  EXPECT_EQ(body.at("namespace").as_string(), "team");
  EXPECT_EQ(body.at("repository").as_string(), "team/app");
  EXPECT_EQ(body.at("tag").as_string(), "latest");
  EXPECT_TRUE(body.at("digest").is_null());
  EXPECT_EQ(body.at("actor").as_string(), "alice");
  queue_.finish(*claim, *delivery, success);
  EXPECT_FALSE(queue_.next(*claim));
  EXPECT_THAT(states(), ElementsAre("delivered"));
}

TEST_P(QueueTest, OneAtATimeDeliversToAWebhook) {
  add("one", {HookEvent::push});
  happen(HookEvent::push);
  const auto claim = queue_.claim();
  ASSERT_TRUE(claim);
  EXPECT_FALSE(queue_.claim());
  clock_.advance(61s);  // its holder died
  const auto other = queue_.claim();
  ASSERT_TRUE(other);
  EXPECT_FALSE(queue_.next(*claim)) << "and has nothing to say any more";
  const auto delivery = queue_.next(*other);
  ASSERT_TRUE(delivery);
  queue_.finish(*claim, *delivery, failure);
  EXPECT_THAT(states(), ElementsAre("waiting"));
  queue_.release(*claim);
  queue_.finish(*other, *delivery, success);
  EXPECT_THAT(states(), ElementsAre("delivered"));
}

TEST_P(QueueTest, WhoWasServedLastComesLast) {
  const auto one = add("one", {HookEvent::push});
  const auto two = add("two", {HookEvent::push});
  happen(HookEvent::push);
  const auto first = queue_.claim();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->hook, one);
  queue_.release(*first);
  const auto second = queue_.claim();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->hook, two);
}

TEST_P(QueueTest, TriesAgainLaterAndLater) {
  add("one", {HookEvent::push});
  happen(HookEvent::push);
  for (const auto wait : {10s, 20s, 40s, 80s}) {
    EXPECT_EQ(deliver(failure), 1);
    clock_.advance(wait - 1s);
    EXPECT_EQ(deliver(failure), 0) << wait.count();
    clock_.advance(1s);
  }
  EXPECT_EQ(deliver(success), 1);
  EXPECT_THAT(states(), ElementsAre("delivered"));
}

TEST_P(QueueTest, GivesUpAfterADay) {
  add("one", {HookEvent::push});
  happen(HookEvent::push);
  for (int hours = 0; hours < 30; ++hours) {
    deliver(failure);
    clock_.advance(1h);
  }
  EXPECT_THAT(states(), ElementsAre("given_up"));
  EXPECT_EQ(deliver(success), 0);
}

TEST_P(QueueTest, AFailurePausesTheWebhook) {
  add("one", {HookEvent::push});
  happen(HookEvent::push, "first");
  happen(HookEvent::push, "second");
  EXPECT_EQ(deliver(failure), 1);
  EXPECT_EQ(deliver(failure), 0);
  clock_.advance(10s);
  EXPECT_EQ(deliver(success), 2);
}

TEST_P(QueueTest, WhatWaitsForADisabledWebhookIsGivenUpInTime) {
  const auto id = add("one", {HookEvent::push});
  happen(HookEvent::push);
  database_.write([&](db::Session& session) {
    auto hook = rows::find_webhook(session, id).value();
    hook.enabled = false;
    rows::update_webhook(session, hook, clock_.now());
  });
  EXPECT_EQ(deliver(success), 0);
  clock_.advance(24h + 1s);
  queue_.clean();
  EXPECT_THAT(states(), ElementsAre("given_up"));
  clock_.advance(24h * 7 + 1s);
  queue_.clean();
  EXPECT_THAT(states(), testing::IsEmpty());
}

TEST_P(QueueTest, GoesWithItsNamespace) {
  add("one", {HookEvent::push});
  happen(HookEvent::push);
  database_.write([&](db::Session& session) { session.execute("DELETE FROM namespace WHERE id = :id", *team_); });
  EXPECT_THAT(states(), testing::IsEmpty());
  EXPECT_FALSE(queue_.claim());
}

INSTANTIATE_TEST_SUITE_P(Engines, QueueTest, db::every_engine(), db::engine_name);

}  // namespace
}  // namespace spectacles::hooks
