#include "removal/retention_sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>

#include "removal/retention_rules.h"
#include "support/removal_world.h"

namespace spectacles::removal {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class RetentionStoreTest : public StoreTest {
 protected:
  RetentionStoreTest() {
    ns_.registry = registry_.id;
    ns_.owner = AccountId(database_.write([&](db::Session& session) {
      return session.insert(
          "INSERT INTO account (username, password_hash, role, created_at, changed_at) "
          "VALUES ('alice', 'x', 'user', 0, 0)");
    }));
    ns_.id = database_.write(
        [&](db::Session& session) { return access::rows::insert_namespace(session, ns_, clock_.now()); });
  }

  Result<Retention> save(const RetentionRules& rules, bool enabled, const std::optional<std::string>& dry_run = {}) {
    return store_.save(ns_, "main: team", rules, enabled, dry_run, occasion().actor);
  }

  access::Namespace ns_{.id = NamespaceId(0),
                        .registry = RegistryId(0),
                        .name = NamespaceName::parse("team").value(),
                        .owner = AccountId(0),
                        .owner_name = UserName::parse("alice").value(),
                        .description = "",
                        .members = {},
                        .groups = {},
                        .claims = {}};
  const RetentionRules rules_ =
      parse_retention_rules(boost::json::parse(R"({"rules":[{"keep_newest":1}]})").as_object()).value();
  RetentionStore store_{database_, recorder_, clock_};
};

TEST_P(RetentionStoreTest, OnlyWhatWasTriedIsEnabled) {
  EXPECT_EQ(store_.load(ns_.id).rules, RetentionRules{});
  EXPECT_EQ(save(rules_, true).error().field, "dry_run");
  EXPECT_EQ(save(rules_, true, digest_of(rules_)).error().field, "dry_run") << "the digest alone proves nothing";
  store_.note_dry_run(ns_.id, {});
  EXPECT_FALSE(save(rules_, true, digest_of({})));
  store_.note_dry_run(ns_.id, rules_);
  EXPECT_FALSE(save(rules_, true));
  ASSERT_TRUE(save(rules_, true, digest_of(rules_)));
  EXPECT_TRUE(store_.load(ns_.id).enabled);
  EXPECT_EQ(store_.load(ns_.id).rules, rules_);
  EXPECT_TRUE(save(rules_, true)) << "nothing changes";
  EXPECT_TRUE(save({}, false)) << "to delete less nobody has to look first";
  EXPECT_THAT(events(), ElementsAre("retention.changed main: team", "retention.changed main: team"));
}

TEST_P(RetentionStoreTest, IsDueOnceForAllProcesses) {
  store_.note_dry_run(ns_.id, rules_);
  EXPECT_FALSE(store_.claim_due(clock_.now() + 1h)) << "not enabled";
  ASSERT_TRUE(save(rules_, true, digest_of(rules_)));
  EXPECT_EQ(store_.claim_due(clock_.now() + 1h), ns_.id);
  EXPECT_FALSE(store_.claim_due(clock_.now() + 1h));
  store_.note_run(ns_.id, {.removed = 2, .failed = 1, .detail = "away", .due_at = clock_.now() + 1min});
  const auto retention = store_.load(ns_.id);
  EXPECT_EQ(retention.removed, 2);
  EXPECT_EQ(retention.detail, "away");
  EXPECT_EQ(retention.ran_at, clock_.now());
  clock_.advance(1min);
  EXPECT_EQ(store_.claim_due(clock_.now() + 1h), ns_.id);
}

TEST_P(RetentionStoreTest, KnowsTheTagsOfTheNamespaceAlone) {
  insert_tag("a", '1');
  database_.write([&](db::Session& session) {
    for (const auto* name : {"team", "teams/x", "team/sub/x"}) {
      const auto id = session.insert(
          "INSERT INTO repository (registry_id, name, first_seen_at, changed_at) VALUES "
          "(:registry, :name, 0, 0)",
          registry_.id, name);
      session.execute(
          "INSERT INTO tag (repository_id, name, digest, media_type, first_seen_at, changed_at, pulled_at) "
          "VALUES (:id, 'b', :digest, 'x', 0, 5, 7)",
          id, digest('2'));
    }
    auto sub = ns_;
    sub.name = NamespaceName::parse("team/sub").value();
    access::rows::insert_namespace(session, sub, clock_.now());
    auto root = ns_;
    root.name = NamespaceName::parse("/").value();
    access::rows::insert_namespace(session, root, clock_.now());
  });
  const access::NamespaceMap all(
      database_.read([](db::Session& session) { return access::rows::all_namespaces(session); }));
  const auto tags = store_.tags(ns_, all);
  ASSERT_EQ(tags.size(), 1U);
  EXPECT_EQ(tags[0].repository.str(), "team/app");
  EXPECT_EQ(tags[0].rest, "app");
  EXPECT_EQ(tags[0].pushed_at, clock_.now()) << "the time of its last change, where that of its push is not known";
  EXPECT_FALSE(tags[0].pulled_at);
  const auto root = std::find_if(all.all().begin(), all.all().end(), [](const auto& ns) { return ns.name.is_root(); });
  ASSERT_EQ(store_.tags(*root, all).size(), 1U);
  EXPECT_EQ(store_.tags(*root, all)[0].repository.str(), "team");
  EXPECT_EQ(store_.tags(*root, all)[0].pulled_at, from_millis(7));
}

INSTANTIATE_TEST_SUITE_P(Engines, RetentionStoreTest, db::every_engine(), db::engine_name);

}  // namespace
}  // namespace spectacles::removal
