#include "access/store_sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/namespaces_sql.h"
#include "accounts/rows_sql.h"
#include "db/migrate.h"
#include "db/test_database.h"

namespace spectacles::access {
namespace {

using accounts::Principal;
using accounts::Role;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

UserName user(const std::string& text) {
  return UserName::parse(text).value();
}

NamespaceName ns_name(const std::string& text) {
  return NamespaceName::parse(text).value();
}

const auto any = audit::ExpectedRevision::any();

// A registry "main" and some people: root (administrator), auditor, alice, bob, and the group "builders" with bob.
class AccessStoreTest : public db::OnEveryEngine {
 protected:
  AccessStoreTest() {
    db::migrate(database_);
    database_.write([&](db::Session& session) {
      for (const auto& [name, role] : {std::pair{"root", Role::admin}, std::pair{"watcher", Role::auditor},
                                       std::pair{"alice", Role::user}, std::pair{"bob", Role::user}}) {
        accounts::rows::insert_account(
            session, {.username = user(name), .email = {}, .password_hash = "x", .role = role, .disabled = false},
            clock_.now());
      }
      const auto builders = accounts::rows::insert_group(session, Label::parse("builders").value(), clock_.now());
      accounts::rows::replace_members(session, builders, {accounts::rows::find_account(session, user("bob"))->id});
      session.execute(
          "INSERT INTO registry (name, url, public_host, service, key_mode, created_at, changed_at) "
          "VALUES ('main', 'http://localhost:5000', 'localhost:5000', 'Docker registry', 'x5c', 0, 0)");
    });
  }

  Principal who(const std::string& name) {
    return database_.read([&](db::Session& session) {
      auto account = accounts::rows::find_account(session, user(name));
      const auto id = account->id;
      return Principal{.account = std::move(account), .groups = accounts::rows::groups_of(session, id)};
    });
  }

  static audit::Actor actor(const Principal& principal) {
    return {.id = principal.account->id, .name = principal.name(), .address = "192.0.2.1"};
  }

  Result<CreatedNamespace> create(const std::string& by, const std::string& name, const NamespaceChange& wanted = {}) {
    const auto principal = who(by);
    return store_.create("main", ns_name(name), wanted, principal, actor(principal));
  }

  // A namespace that root has made for `owner`.
  NamespaceId made_for(const std::string& owner, const std::string& name, NamespaceChange wanted = {}) {
    wanted.owner = user(owner);
    return create("root", name, wanted)->created.ns.id;
  }

  Result<VisibleNamespace> change(const std::string& by, NamespaceId id, const NamespaceChange& wanted) {
    const auto principal = who(by);
    return store_.change(id, wanted, any, principal, actor(principal));
  }

  void add_repository(const std::string& name) {
    database_.write([&](db::Session& session) {
      session.execute("INSERT INTO repository (registry_id, name, first_seen_at, changed_at) VALUES (1, :name, 0, 0)",
                      name);
    });
  }

  std::vector<std::string> events() {
    std::vector<std::string> seen;
    for (const auto& [actor, action, subject] : database_.read([](db::Session& session) {
           return session.rows<std::string, std::string, std::string>(
               "SELECT actor, action, subject FROM activity ORDER BY id");
         })) {
      seen.push_back(actor + " " + action + " " + subject);
    }
    return seen;
  }

  ActionSet decided(const Principal& principal, const std::string& path) {
    return rights_.decide_on(principal, RegistryId(1), RepositoryPath::parse(path).value(), ActionSet::all()).granted;
  }

  Result<Explanation> explain(const std::optional<std::string>& about, const std::optional<std::string>& asker,
                              const std::string& repository = "team/app") {
    const Question question{.registry = {},
                            .user = about ? std::optional(user(*about)) : std::nullopt,
                            .repository = repository,
                            .requested = {Action::pull}};
    return rights_.explain(question, asker ? std::optional(who(*asker)) : std::nullopt);
  }

  db::Database database_{options()};
  ManualClock clock_{from_millis(1'000'000)};
  audit::Recorder recorder_{clock_};
  NamespaceStore store_{database_, recorder_, clock_};
  db::Generation generation_{database_};
  AccessStore rights_{database_, generation_};
};

TEST_P(AccessStoreTest, AdministratorsCreateAnywhere) {
  const auto made = create("root", "team",
                           {.owner = user("alice"),
                            .description = "tools",
                            .member_access = Level::read,
                            .group_access = Level::write,
                            .members = std::vector{user("bob")},
                            .groups = std::vector{Label::parse("builders").value()}});
  ASSERT_TRUE(made) << made.error().text;
  EXPECT_EQ(made->created.ns.owner_name, user("alice"));
  EXPECT_THAT(made->created.members, ElementsAre(user("bob")));
  EXPECT_EQ(made->created.ns.other_access, Level::none);
  EXPECT_EQ(store_.find_visible(made->created.ns.id, who("root"))->ns, made->created.ns);
  EXPECT_THAT(events(), ElementsAre("root namespace.created main: team"));

  const auto again = create("root", "team");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, RefusalKind::conflict);
  EXPECT_EQ(again.error().field, "name");
  EXPECT_EQ(events().size(), 1U);
}

TEST_P(AccessStoreTest, OwnersCreateInsideTheNearestEnclosingOnly) {
  made_for("alice", "team");
  EXPECT_EQ(create("alice", "team/tools")->created.ns.owner_name, user("alice"));
  made_for("bob", "team/lab");
  for (const auto* name : {"team/lab/x", "other", "teams", "/"}) {
    const auto refused = create("alice", name);
    ASSERT_FALSE(refused) << name;
    EXPECT_EQ(refused.error().kind, RefusalKind::forbidden) << name;
  }
  EXPECT_EQ(create("watcher", "team/x").error().kind, RefusalKind::forbidden) << "an auditor only reads";
  EXPECT_TRUE(create("bob", "team/lab/x"));
}

TEST_P(AccessStoreTest, SaysWhichRepositoriesChangeHands) {
  for (const auto* name : {"team/app", "team/tools/cli", "team/tools", "team", "teams/x", "team/tools/deep/er"}) {
    add_repository(name);
  }
  made_for("alice", "team");
  made_for("bob", "team/tools/deep");
  std::vector<std::string> moved;
  const auto created = create("root", "team/tools");
  for (const auto& path : created->moved) moved.push_back(path.repository.str());
  EXPECT_THAT(moved, ElementsAre("team/tools/cli"));
}

TEST_P(AccessStoreTest, UnknownNamesAreRefusedByField) {
  const auto id = made_for("alice", "team");
  const auto field_of = [&](const NamespaceChange& wanted) {
    const auto refused = change("alice", id, wanted);
    EXPECT_EQ(refused.error().kind, RefusalKind::invalid);
    return refused.error().field;
  };
  const auto all = Pattern::parse("*").value();
  const auto no_group = Label::parse("nobodies").value();
  EXPECT_EQ(field_of({.owner = user("ghost")}), "owner");
  EXPECT_EQ(field_of({.members = std::vector{user("bob"), user("ghost")}}), "members[1]");
  EXPECT_EQ(field_of({.groups = std::vector{no_group}}), "groups[0]");
  EXPECT_EQ(field_of({.claims = std::vector<ClaimRequest>{{user("bob"), all}, {user("ghost"), all}}}),
            "claims[1].user");
  EXPECT_EQ(field_of({.claims = std::vector<ClaimRequest>{{no_group, all}}}), "claims[0].group");
  EXPECT_EQ(
      field_of({.claims = std::vector<ClaimRequest>{{user("bob"), all, Level::read}, {user("bob"), all, Level::full}}}),
      "claims[1]")
      << "one pattern of one user twice";
  EXPECT_EQ(events().size(), 1U) << "a refusal leaves no event of a change";
}

TEST_P(AccessStoreTest, ChangesWhatIsGiven) {
  const auto id = made_for("alice", "team", {.member_access = Level::read, .members = std::vector{user("bob")}});
  const auto pattern = Pattern::parse("tools-*").value();
  const auto changed = change("alice", id, {.claims = std::vector<ClaimRequest>{{user("bob"), pattern, Level::full}}});
  ASSERT_TRUE(changed) << changed.error().text;
  EXPECT_EQ(changed->ns.member_access, Level::read);
  EXPECT_THAT(changed->members, ElementsAre(user("bob"))) << "a list that is left out stays";
  EXPECT_EQ(store_.find_visible(id, who("alice"))->ns, changed->ns);
  EXPECT_EQ(decided(who("bob"), "team/tools-x"), ActionSet::all());
  EXPECT_EQ(decided(who("bob"), "team/app"), ActionSet{Action::pull});

  ASSERT_TRUE(change("alice", id, {}));
  EXPECT_THAT(events(), ElementsAre("root namespace.created main: team", "alice namespace.changed main: team"))
      << "nothing changed, so there is no event";
  EXPECT_THAT(change("alice", id, {.members = std::vector<UserName>{}})->members, IsEmpty());
}

TEST_P(AccessStoreTest, WhatOneDoesNotSeeDoesNotExist) {
  const auto id = made_for("alice", "team");
  for (const auto* name : {"bob"}) {
    EXPECT_EQ(change(name, id, {}).error().kind, RefusalKind::not_found) << name;
    EXPECT_EQ(store_.remove(id, any, who(name), actor(who(name))).error().kind, RefusalKind::not_found) << name;
    EXPECT_FALSE(store_.find_visible(id, who(name))) << name;
    EXPECT_THAT(store_.list_visible(who(name)), IsEmpty()) << name;
  }
  const auto unknown = change("bob", NamespaceId(99), {});
  EXPECT_EQ(unknown.error(), change("bob", id, {}).error()) << "the two answer alike";

  EXPECT_EQ(change("watcher", id, {}).error().kind, RefusalKind::forbidden);
  ASSERT_TRUE(change("alice", id, {.other_access = Level::read}));
  EXPECT_EQ(change("bob", id, {}).error().kind, RefusalKind::forbidden) << "he sees it, and may not change it";
  EXPECT_EQ(store_.remove(id, any, who("bob"), actor(who("bob"))).error().kind, RefusalKind::forbidden);
  const auto seen = store_.find_visible(id, who("bob"));
  ASSERT_TRUE(seen);
  EXPECT_FALSE(seen->manageable);
  EXPECT_TRUE(store_.find_visible(id, who("alice"))->manageable);
}

TEST_P(AccessStoreTest, MembersAreShownToThoseWhoManageOnly) {
  const auto id = made_for("alice", "team",
                           {.member_access = Level::read,
                            .members = std::vector{user("bob")},
                            .groups = std::vector{Label::parse("builders").value()}});
  EXPECT_THAT(store_.find_visible(id, who("bob"))->members, IsEmpty());
  EXPECT_THAT(store_.find_visible(id, who("bob"))->groups, IsEmpty());
  EXPECT_THAT(store_.find_visible(id, who("alice"))->members, ElementsAre(user("bob")));
  EXPECT_THAT(store_.find_visible(id, who("watcher"))->members, ElementsAre(user("bob")));
}

TEST_P(AccessStoreTest, RemovesWithItsEvent) {
  const auto id = made_for("alice", "team");
  const auto alice = who("alice");
  ASSERT_TRUE(store_.remove(id, any, alice, actor(alice)));
  EXPECT_FALSE(store_.find_visible(id, who("root")));
  EXPECT_EQ(decided(alice, "team/app"), ActionSet());
  EXPECT_EQ(events().back(), "alice namespace.deleted main: team");
}

TEST_P(AccessStoreTest, AChangeWithoutItsEventIsNotKept) {
  const auto id = made_for("alice", "team");
  database_.change_schema([](db::Session& session) { session.execute("ALTER TABLE activity RENAME TO away"); });
  EXPECT_THROW(create("root", "other"), db::Error);
  EXPECT_THROW(change("alice", id, {.other_access = Level::full}), db::Error);
  EXPECT_THROW(store_.remove(id, any, who("alice"), actor(who("alice"))), db::Error);
  database_.change_schema([](db::Session& session) { session.execute("ALTER TABLE away RENAME TO activity"); });
  const auto kept = store_.list_visible(who("root"));
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].ns.other_access, Level::none);
}

TEST_P(AccessStoreTest, DecidesOnWhatIsCommittedNow) {
  EXPECT_EQ(decided(who("root"), "team/app"), ActionSet::all()) << "nothing covers it";
  EXPECT_EQ(decided(who("alice"), "team/app"), ActionSet());
  const auto id = made_for("alice", "team");
  EXPECT_EQ(decided(who("alice"), "team/app"), ActionSet::all());
  EXPECT_EQ(decided(who("watcher"), "team/app"), ActionSet()) << "an auditor pulls nothing by it";
  ASSERT_TRUE(change("alice", id, {.anonymous_access = Level::read}));
  EXPECT_EQ(decided(Principal::anonymous(), "team/app"), ActionSet{Action::pull});
  EXPECT_EQ(decided(Principal::anonymous(), "team"), ActionSet());
}

TEST_P(AccessStoreTest, ExplainsToThoseWhoMayAsk) {
  made_for("alice", "team", {.other_access = Level::read});
  const auto own = explain("bob", "bob");
  ASSERT_TRUE(own) << own.error().text;
  EXPECT_EQ(own->decision.rule, Rule::other);
  EXPECT_EQ(own->ns, ns_name("team"));
  EXPECT_EQ(own->registry.str(), "main");
  EXPECT_THAT(own->who_can_grant, ElementsAre(user("alice"), user("root")));

  for (const auto* asker : {"alice", "root", "watcher"}) EXPECT_TRUE(explain("bob", asker)) << asker;
  EXPECT_TRUE(explain("bob", std::nullopt)) << "the operator";
  EXPECT_TRUE(explain(std::nullopt, "alice"));
  for (const auto& about :
       {std::optional<std::string>("alice"), std::optional<std::string>("ghost"), std::optional<std::string>()}) {
    const auto refused = explain(about, "bob");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, RefusalKind::not_found);
    EXPECT_EQ(refused.error(), explain("watcher", "bob").error()) << "whether there is such a user does not show";
  }
  EXPECT_EQ(explain("bob", "alice", "other/app").error().kind, RefusalKind::not_found) << "not her namespace";
}

TEST_P(AccessStoreTest, ExplainNamesWhatIsWrongWithTheQuestion) {
  EXPECT_EQ(explain("ghost", "root").error().field, "user");
  EXPECT_EQ(explain("bob", "root", "Team/App").error().field, "repository");
  EXPECT_EQ(explain("bob", "root", "elsewhere:5000/team/app").error().field, "repository");
  EXPECT_EQ(explain("bob", "root", "localhost:5000/team/app")->repository.str(), "team/app");
  const Question unknown{.registry = "none", .user = {}, .repository = "a/b", .requested = {Action::pull}};
  EXPECT_EQ(rights_.explain(unknown, std::nullopt).error().field, "registry");
  database_.write([](db::Session& session) {
    session.execute(
        "INSERT INTO registry (name, url, public_host, service, key_mode, created_at, changed_at) "
        "VALUES ('second', 'http://localhost:2', 'localhost:2', 'second', 'x5c', 0, 0)");
  });
  EXPECT_EQ(explain("bob", "root").error().field, "registry") << "there are two now";
}

TEST_P(AccessStoreTest, ExplainsThatADisabledAccountCannotSignIn) {
  made_for("bob", "team");
  database_.write([](db::Session& session) {
    session.execute("UPDATE account SET disabled = 1 WHERE username IN ('bob', 'root')");
  });
  const auto explanation = explain("bob", std::nullopt);
  EXPECT_EQ(explanation->decision.granted, ActionSet());
  EXPECT_THAT(explanation->decision.reason, HasSubstr("disabled"));
}

TEST(ParseActions, ReadsListsAndTheStar) {
  EXPECT_EQ(parse_actions("*"), ActionSet::all());
  EXPECT_EQ(parse_actions("pull"), ActionSet{Action::pull});
  EXPECT_EQ(parse_actions("push,delete"), (ActionSet{Action::push, Action::del}));
  for (const auto* text : {"", ",", "pull,", "PULL", "pull push", "pull,*", "read"}) {
    ASSERT_FALSE(parse_actions(text)) << text;
    EXPECT_EQ(parse_actions(text).error().field, "action");
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, AccessStoreTest, db::every_engine(), db::engine_name);

}  // namespace
}  // namespace spectacles::access
