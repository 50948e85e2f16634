#include "catalog/inbox_sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "db/migrate.h"
#include "db/test_database.h"

namespace spectacles::catalog {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto image_type = "application/vnd.oci.image.manifest.v1+json";

// A registry with the namespace "team" of alice.
class InboxTest : public db::OnEveryEngine {
 protected:
  InboxTest() {
    db::migrate(database_);
    database_.write([&](db::Session& session) {
      const auto alice = session.insert(
          "INSERT INTO account (username, password_hash, role, created_at, changed_at) "
          "VALUES ('alice', 'x', 'user', 0, 0)");
      registry_ = RegistryId(
          session.insert("INSERT INTO registry (name, url, public_host, service, key_mode, created_at, changed_at) "
                         "VALUES ('main', 'http://localhost:5000', 'localhost:5000', 'Docker registry', 'x5c', 0, 0)"));
      team_ = session.insert(
          "INSERT INTO namespace (registry_id, name, owner_id, description, member_access, group_access, "
          "other_access, anonymous_access, created_at, changed_at) "
          "VALUES (:registry, 'team', :owner, '', 'NONE', 'NONE', 'NONE', 'NONE', 0, 0)",
          *registry_, alice);
    });
  }

  static std::string digest(char digit) { return "sha256:" + std::string(64, digit); }
  Time at(int seconds) const { return start_ + std::chrono::seconds(seconds); }

  Notification told(NotificationAction action, int seconds, const std::string& tag, char digit) {
    return {.event_id = "event " + std::to_string(++events_),
            .action = action,
            .at = at(seconds),
            .repository = RepositoryPath::parse("team/app").value(),
            .tag = tag.empty() ? std::nullopt : std::optional(TagName::parse(tag).value()),
            .digest = digit == '-' ? std::nullopt : std::optional(Digest::parse(digest(digit)).value()),
            .media_type = action == NotificationAction::remove ? "" : image_type,
            .actor = "alice",
            .address = "192.0.2.7"};
  }
  Notification push(int seconds, const std::string& tag, char digit) {
    return told(NotificationAction::push, seconds, tag, digit);
  }
  Notification pull(int seconds, const std::string& tag, char digit) {
    return told(NotificationAction::pull, seconds, tag, digit);
  }
  Notification remove(int seconds, const std::string& tag, char digit) {
    return told(NotificationAction::remove, seconds, tag, digit);
  }

  // Each comes, and is applied, alone.
  void tell(const std::vector<Notification>& all) {
    for (const auto& one : all) {
      inbox_.keep(*registry_, {one});
      while (inbox_.apply_some()) {
      }
    }
  }

  // "latest=a": the tags and the last digit of their digests, by name.
  std::vector<std::string> tags() {
    std::vector<std::string> seen;
    for (const auto& [name, digest] : database_.read([](db::Session& session) {
           return session.rows<std::string, std::string>("SELECT name, digest FROM tag ORDER BY name");
         })) {
      seen.push_back(name + "=" + digest.back());
    }
    return seen;
  }

  std::vector<std::string> events() {
    std::vector<std::string> seen;
    for (const auto& [action, actor, subject] : database_.read([&](db::Session& session) {
           return session.rows<std::string, std::string, std::string>(
               "SELECT action, actor, subject FROM activity WHERE namespace_id = :ns ORDER BY id", team_);
         })) {
      seen.push_back(action + " by " + actor + ": " + subject);
    }
    return seen;
  }

  std::int64_t number(const std::string& sql) {
    return database_.read([&](db::Session& session) { return session.single<std::int64_t>(sql); });
  }

  const Time start_ = from_millis(1'000'000'000);
  ManualClock clock_{start_};
  db::Database database_{options()};
  audit::Recorder recorder_{clock_};
  Inbox inbox_{database_, recorder_, clock_};
  std::optional<RegistryId> registry_;
  std::int64_t team_ = 0;
  int events_ = 0;
};

TEST_P(InboxTest, APushIsThereAtOnce) {
  tell({push(0, "latest", 'a'), push(1, "latest", 'b'), push(2, "v10", 'b')});
  EXPECT_THAT(tags(), ElementsAre("latest=b", "v10=b"));
  EXPECT_THAT(events(),
              ElementsAre("tag.pushed by alice: main: team/app:latest", "tag.pushed by alice: main: team/app:latest",
                          "tag.pushed by alice: main: team/app:v10"));
  EXPECT_EQ(number("SELECT tag_count FROM repository"), 2);
  EXPECT_EQ(number("SELECT pushed_at FROM repository"), to_millis(at(2)));
  EXPECT_EQ(number("SELECT namespace_id FROM repository"), team_);
  EXPECT_EQ(number("SELECT pushed_at FROM tag WHERE name = 'latest'"), to_millis(at(1)));
}

TEST_P(InboxTest, WhatComesTwiceCountsOnce) {
  const auto one = push(0, "latest", 'a');
  tell({one, one});
  inbox_.keep(*registry_, {one, one, pull(1, "latest", 'a')});
  while (inbox_.apply_some()) {
  }
  EXPECT_EQ(events().size(), 1U);
  EXPECT_EQ(number("SELECT pulls FROM tag"), 1);
  EXPECT_EQ(number("SELECT count(*) FROM notification"), 2);
}

TEST_P(InboxTest, AnOlderPushNeverUndoesANewerOne) {
  tell({push(5, "latest", 'b'), push(4, "latest", 'a')});
  EXPECT_THAT(tags(), ElementsAre("latest=b"));
  EXPECT_EQ(events().size(), 2U) << "both have happened";
  EXPECT_EQ(number("SELECT pushed_at FROM repository"), to_millis(at(5)));
}

TEST_P(InboxTest, AnOlderPushNeverBringsBackWhatIsDeleted) {
  tell({push(1, "latest", 'a'), remove(5, "", 'a'), push(4, "latest", 'a')});
  EXPECT_THAT(tags(), IsEmpty());
  tell({push(6, "latest", 'a')});
  EXPECT_THAT(tags(), ElementsAre("latest=a"));
}

TEST_P(InboxTest, AnOlderDeletionTakesNothingThatWasPushedSince) {
  tell({push(5, "latest", 'a'), remove(4, "", 'a')});
  EXPECT_THAT(tags(), ElementsAre("latest=a"));
}

TEST_P(InboxTest, ADeletionByDigestTakesAllItsTags) {
  tell({push(0, "one", 'a'), push(0, "two", 'a'), push(0, "three", 'b'), remove(1, "", 'a')});
  EXPECT_THAT(tags(), ElementsAre("three=b"));
  EXPECT_THAT(events(), testing::Contains("tag.deleted by alice: main: team/app:one"));
  EXPECT_THAT(events(), testing::Contains("tag.deleted by alice: main: team/app:two"));
  EXPECT_EQ(number("SELECT tag_count FROM repository"), 1);
}

TEST_P(InboxTest, ADeletionByTagTakesThatOneAlone) {
  tell({push(0, "one", 'a'), push(0, "two", 'a'), remove(1, "one", '-')});
  EXPECT_THAT(tags(), ElementsAre("two=a"));
  tell({remove(2, "never-there", '-')});
  EXPECT_THAT(tags(), ElementsAre("two=a"));
}

TEST_P(InboxTest, PullsAreCountedByTagOrByDigest) {
  tell({push(0, "one", 'a'), push(0, "two", 'a'), push(0, "three", 'b')});
  tell({pull(1, "one", 'a'), pull(3, "", 'a'), pull(2, "", 'a')});
  EXPECT_EQ(number("SELECT pulls FROM tag WHERE name = 'one'"), 3);
  EXPECT_EQ(number("SELECT pulls FROM tag WHERE name = 'two'"), 2);
  EXPECT_EQ(number("SELECT pulls FROM tag WHERE name = 'three'"), 0);
  EXPECT_EQ(number("SELECT pulls FROM repository"), 3);
  EXPECT_EQ(number("SELECT pulled_at FROM tag WHERE name = 'one'"), to_millis(at(3)));
  EXPECT_EQ(number("SELECT pulled_at FROM tag WHERE name = 'three'"), 0);
  EXPECT_EQ(number("SELECT pulled_at FROM repository"), to_millis(at(3)));
}

TEST_P(InboxTest, AManifestOfAnIndexIsNoPullOfItsOwnButShowsThatTheIndexIsInUse) {
  tell({push(0, "multi", 'c')});
  database_.write([&](db::Session& session) {
    const auto index = session.insert(
        "INSERT INTO manifest (registry_id, digest, media_type, state, kind, size, first_seen_at) "
        "VALUES (:registry, :digest, 'index', 'read', 'index', 700, 0)",
        *registry_, digest('c'));
    session.execute(
        "INSERT INTO manifest_part (manifest_id, position, role, digest, media_type, size) "
        "VALUES (:index, 0, 'manifest', :digest, 'image', 1)",
        index, digest('d'));
    session.execute("UPDATE tag SET manifest_id = :index", index);
  });
  tell({pull(1, "multi", 'c'), pull(2, "", 'd')});
  EXPECT_EQ(number("SELECT pulls FROM tag"), 1);
  EXPECT_EQ(number("SELECT pulls FROM repository"), 1);
  EXPECT_EQ(number("SELECT pulled_at FROM tag"), to_millis(at(2)));
  tell({push(3, "also", 'c')});
  EXPECT_EQ(number("SELECT size FROM tag WHERE name = 'also'"), 700) << "known from the other tag";
}

TEST_P(InboxTest, APushWithoutATagIsNoTag) {
  tell({push(1, "", 'a')});
  EXPECT_THAT(tags(), IsEmpty());
  EXPECT_EQ(number("SELECT pushed_at FROM repository"), to_millis(at(1)));
}

TEST_P(InboxTest, WhatIsOfNoNamespaceIsNobodysButKnown) {
  auto one = push(0, "latest", 'a');
  one.repository = RepositoryPath::parse("elsewhere/app").value();
  one.actor = "";
  tell({one});
  EXPECT_THAT(tags(), ElementsAre("latest=a"));
  EXPECT_EQ(number("SELECT count(*) FROM activity WHERE namespace_id IS NULL AND actor IS NULL"), 1);
}

TEST_P(InboxTest, NothingIsKeptForARegistryThatIsGone) {
  inbox_.keep(RegistryId(registry_->value() + 1), {push(0, "latest", 'a')});
  EXPECT_EQ(number("SELECT count(*) FROM notification"), 0);
}

TEST_P(InboxTest, ManyAreAppliedInTurns) {
  std::vector<Notification> many;
  for (int i = 0; i < 250; ++i) many.push_back(push(i, "latest", i == 249 ? 'f' : 'a'));
  inbox_.keep(*registry_, many);
  int turns = 0;
  while (inbox_.apply_some()) ++turns;
  EXPECT_EQ(turns, 3);
  EXPECT_THAT(tags(), ElementsAre("latest=f"));
}

TEST_P(InboxTest, WhatWasAppliedAWeekAgoGoes) {
  tell({push(0, "latest", 'a')});
  inbox_.keep(*registry_, {push(1, "latest", 'b')});
  clock_.advance(24h * 7 - 1s);
  inbox_.clean();
  EXPECT_EQ(number("SELECT count(*) FROM notification"), 2);
  clock_.advance(2s);
  inbox_.clean();
  EXPECT_EQ(number("SELECT count(*) FROM notification"), 1) << "what is not applied stays";
}

INSTANTIATE_TEST_SUITE_P(Engines, InboxTest, db::every_engine(), db::engine_name);

}  // namespace
}  // namespace spectacles::catalog
