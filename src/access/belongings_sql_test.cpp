#include "access/belongings_sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/namespaces_sql.h"
#include "access/settings_sql.h"
#include "accounts/users_sql.h"
#include "db/migrate.h"
#include "db/test_folder.h"

namespace spectacles::access {
namespace {

using accounts::Role;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const auto any = audit::ExpectedRevision::any();
const auto actor = audit::Actor::command_line();

UserName user(const std::string& text) {
  return UserName::parse(text).value();
}

Label label(const std::string& text) {
  return Label::parse(text).value();
}

class BelongingsTest : public testing::Test {
 protected:
  BelongingsTest() {
    database_.write([](db::Session& session) {
      for (const auto* name : {"main", "other"}) {
        session.execute(
            "INSERT INTO registry (name, url, public_host, service, key_mode, created_at, changed_at) "
            "VALUES (:name, 'http://localhost:5000', 'localhost:5000', :service, 'x5c', 0, 0)",
            name, name);
      }
    });
    make("root", Role::admin);
  }

  accounts::Account make(const std::string& name, Role role = Role::user) {
    return users_
        .create({.username = user(name), .password = Secret("correct horse"), .email = {}, .role = role}, actor)
        .value();
  }

  void give_personal_namespaces() {
    ASSERT_TRUE(settings_.change({.personal_namespace_registry = label("main")}, any, actor));
  }

  void add_repository(const std::string& name) {
    database_.write([&](db::Session& session) {
      session.execute("INSERT INTO repository (registry_id, name, first_seen_at, changed_at) VALUES (1, :name, 0, 0)",
                      name);
    });
  }

  std::vector<std::string> owned_by(const accounts::Account& account) {
    std::vector<std::string> names;
    for (const auto& part : namespaces_.parts_of(account.id)) {
      if (part.ns.owner == account.id) names.push_back(part.registry_name.str() + "/" + part.ns.name.str());
    }
    return names;
  }

  Result<CreatedNamespace> create(const accounts::Account& by, const std::string& name,
                                  const std::string& registry = "main", const NamespaceChange& wanted = {}) {
    return namespaces_.create(registry, NamespaceName::parse(name).value(), wanted, {.account = by, .groups = {}},
                              {.id = by.id, .name = by.username.str(), .address = ""});
  }

  db::TestFolder folder_;
  db::Database database_{folder_.options()};
  const int migrated_ = db::migrate(database_, db::sqlite_migrations());
  ManualClock clock_{from_millis(1'000'000)};
  audit::Recorder recorder_{clock_};
  accounts::PasswordHasher hasher_{2};
  NamespaceBelongings belongings_{recorder_, clock_};
  accounts::Throttle throttle_{clock_};
  accounts::UserStore users_{database_, hasher_, recorder_, clock_, belongings_, throttle_};
  NamespaceStore namespaces_{database_, recorder_, clock_};
  SettingsStore settings_{database_, recorder_};
};

TEST_F(BelongingsTest, EveryNewUserGetsANamespaceWhereTheSettingSaysSo) {
  EXPECT_THAT(owned_by(make("early")), IsEmpty());
  give_personal_namespaces();
  EXPECT_THAT(owned_by(make("alice")), ElementsAre("main/alice"));
  ASSERT_TRUE(settings_.change({.personal_namespace_registry = std::optional<Label>()}, any, actor));
  EXPECT_THAT(owned_by(make("late")), IsEmpty());
}

TEST_F(BelongingsTest, NobodyGetsWhatIsTakenOrNoNameOrHoldsRepositories) {
  give_personal_namespaces();
  ASSERT_TRUE(create(make("boss", Role::admin), "taken"));
  EXPECT_THAT(owned_by(make("taken")), IsEmpty());
  EXPECT_THAT(owned_by(make("a..b")), IsEmpty());
  EXPECT_THAT(owned_by(make("dash-")), IsEmpty());
  add_repository("library/alpine");
  EXPECT_THAT(owned_by(make("library")), IsEmpty()) << "it would be his from now on";
}

TEST_F(BelongingsTest, EverybodyMayCreateTheOneOfHisOwnName) {
  const auto early = make("early");
  EXPECT_EQ(create(early, "early").error().kind, RefusalKind::forbidden);
  give_personal_namespaces();
  EXPECT_EQ(create(early, "earl").error().kind, RefusalKind::forbidden);
  EXPECT_EQ(create(early, "early", "other").error().kind, RefusalKind::forbidden);
  EXPECT_EQ(create(early, "early", "main", {.owner = user("root")}).error().kind, RefusalKind::forbidden);
  EXPECT_TRUE(create(early, "early"));
}

TEST_F(BelongingsTest, SettingsNameTheRegistryAsItIsCalledNow) {
  EXPECT_EQ(settings_.change({.personal_namespace_registry = label("nope")}, any, actor).error().field,
            "personal_namespace_registry");
  give_personal_namespaces();
  database_.write([](db::Session& session) { session.execute("UPDATE registry SET name = 'renamed' WHERE id = 1"); });
  EXPECT_EQ(settings_.load().personal_namespace_registry, label("renamed"));
  database_.write([](db::Session& session) { session.execute("DELETE FROM registry WHERE id = 1"); });
  EXPECT_EQ(settings_.load().personal_namespace_registry, std::nullopt);
  EXPECT_THAT(owned_by(make("alice")), IsEmpty());
}

TEST_F(BelongingsTest, StaleSettingsAreNotChanged) {
  const auto seen = audit::ExpectedRevision({{settings_.load().revision.value()}});
  ASSERT_TRUE(settings_.change({.personal_namespace_registry = label("main")}, seen, actor));
  EXPECT_EQ(settings_.change({.personal_namespace_registry = label("other")}, seen, actor).error().kind,
            RefusalKind::stale);
  EXPECT_TRUE(settings_.change({.personal_namespace_registry = label("main")}, seen, actor)) << "was made already";
}

TEST_F(BelongingsTest, NamespacesAreNamedOrPassedOn) {
  const auto alice = make("alice");
  const auto bob = make("bob");
  const auto root = users_.find(user("root")).value();
  ASSERT_TRUE(create(root, "team", "main", {.owner = user("alice")}));
  ASSERT_TRUE(create(root, "/", "other", {.owner = user("alice")}));
  const auto refused = users_.remove(alice.id, {}, any, actor);
  EXPECT_EQ(refused.error().kind, RefusalKind::conflict);
  EXPECT_THAT(refused.error().text, HasSubstr("main: team, other: /"));
  ASSERT_TRUE(users_.remove(alice.id, user("bob"), any, actor));
  EXPECT_THAT(owned_by(bob), ElementsAre("main/team", "other//"));
  const auto events = database_.read([](db::Session& session) {
    return session.rows<std::string, std::string>(
        "SELECT action, subject FROM activity WHERE action LIKE 'namespace.changed' ORDER BY id");
  });
  using Row = std::tuple<std::string, std::string>;
  EXPECT_EQ(events, (std::vector<Row>{{"namespace.changed", "main: team"}, {"namespace.changed", "other: /"}}));
}

TEST_F(BelongingsTest, PreviewsSayWhoDecidesThen) {
  const auto root = users_.find(user("root")).value();
  const accounts::Principal who{.account = root, .groups = {}};
  for (const auto* name : {"team/app", "team/tools/cli", "team/tools/deep/er", "single"}) add_repository(name);
  const auto team = create(root, "team")->created.ns.id;
  ASSERT_TRUE(create(root, "team/tools/deep"));
  const auto render = [](const Result<std::vector<Move>>& moves) {
    std::vector<std::string> lines;
    for (const auto& move : moves.value()) {
      lines.push_back(move.repository.str() + ": " + (move.from ? move.from->str() : "-") + " to " +
                      (move.to ? move.to->str() : "-"));
    }
    return lines;
  };
  const auto into = [&](const std::string& name) {
    return render(namespaces_.preview_creation("main", NamespaceName::parse(name).value(), who));
  };
  EXPECT_THAT(into("team/tools"), ElementsAre("team/tools/cli: team to team/tools"));
  EXPECT_THAT(into("/"), ElementsAre("single: - to /"));
  EXPECT_THAT(into("team"), IsEmpty()) << "it is there already";
  EXPECT_THAT(render(namespaces_.preview_removal(team, who)),
              ElementsAre("team/app: team to -", "team/tools/cli: team to -"));
  ASSERT_TRUE(create(root, "team/tools"));
  EXPECT_THAT(render(namespaces_.preview_removal(team, who)), ElementsAre("team/app: team to -"));
}

}  // namespace
}  // namespace spectacles::access
