#include "access/simulation_sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/merge.h"
#include "access/name_lookup_sql.h"
#include "access/rows_sql.h"
#include "accounts/rows_sql.h"
#include "db/migrate.h"
#include "db/test_database.h"

namespace spectacles::access {
namespace {

using accounts::Principal;
using testing::ElementsAre;

UserName user(const std::string& text) {
  return UserName::parse(text).value();
}

NamespaceName ns_name(const std::string& text) {
  return NamespaceName::parse(text).value();
}

constexpr std::chrono::hours week{7 * 24};

// The registry "main" with the namespaces outer (of root) and outer/inner (of alice), where bob and carol are members
// with WRITE; and repositories in both.
class SimulationTest : public db::OnEveryEngine {
 protected:
  SimulationTest() {
    db::migrate(database_);
    database_.write([&](db::Session& session) {
      for (const auto& [name, role] :
           {std::pair{"root", accounts::Role::admin}, std::pair{"alice", accounts::Role::user},
            std::pair{"bob", accounts::Role::user}, std::pair{"carol", accounts::Role::user}}) {
        accounts::rows::insert_account(
            session, {.username = user(name), .email = {}, .password_hash = "x", .role = role}, clock_.now());
      }
      session.execute(
          "INSERT INTO registry (name, url, public_host, service, key_mode, created_at, changed_at) "
          "VALUES ('main', 'http://localhost:5000', 'localhost:5000', 'Docker registry', 'x5c', 0, 0)");
      add_namespace(session, "outer", {.owner = user("root"), .other_access = Level::read});
      add_namespace(
          session, "outer/inner",
          {.owner = user("alice"), .member_access = Level::write, .members = std::vector{user("bob"), user("carol")}});
      for (const auto* name : {"outer/x", "outer/inner/a", "outer/inner/b"}) {
        session.execute("INSERT INTO repository (registry_id, name, first_seen_at, changed_at) VALUES (1, :name, 0, 0)",
                        std::string(name));
      }
    });
  }

  void add_namespace(db::Session& session, const std::string& name, const NamespaceChange& wanted) {
    Namespace ns{.id = NamespaceId(0),
                 .registry = RegistryId(1),
                 .name = ns_name(name),
                 .owner = AccountId(1),
                 .owner_name = user("root"),
                 .description = "",
                 .members = {},
                 .groups = {},
                 .claims = {}};
    (void)merge(lookup_in(session), wanted, ns);
    rows::insert_namespace(session, ns, clock_.now());
  }

  Principal who(const std::string& name) {
    return database_.read([&](db::Session& session) {
      return Principal{.account = accounts::rows::find_account(session, user(name)), .groups = {}};
    });
  }

  // A row of the log: granted in the namespace that decides now, so long ago. What is less than an hour old is fresh.
  void log_grant(const std::string& name, const std::string& repository, const std::string& granted,
                 std::chrono::milliseconds ago) {
    const std::string table = ago < std::chrono::hours(1) ? "fresh_decision" : "decision";
    database_.write([&](db::Session& session) {
      const auto account = accounts::rows::find_account(session, user(name));
      const auto ns = rows::find_covering(session, RegistryId(1), RepositoryPath::parse(repository).value());
      session.execute(
          "INSERT INTO " + table +
              " (at, last_at, hour, count, outcome, account_id, user_name, registry_id, registry, namespace_id, "
              "namespace, repository, requested, granted, rule_name, reason) VALUES (:at, :last, 0, 1, "
              "'granted', :account, :name, 1, 'main', :ns, :ns_name, :repository, :requested, :granted, 'member', '')",
          clock_.now() - ago, clock_.now() - ago, account->id, name, ns->id, ns->name, repository, granted, granted);
    });
  }

  Result<SimulationAnswer> simulate(const std::vector<Proposal>& changes, const std::string& by = "root") {
    return store_.simulate(changes, week, who(by));
  }

  static ChangeNamespace change_inner(const NamespaceChange& wanted) {
    return {.target = std::pair("main", ns_name("outer/inner")), .wanted = wanted};
  }

  static std::string name_of(const SimulationAnswer& answer, Crowd::Person person) {
    return person == Crowd::anonymous ? "" : answer.before.accounts[person - 1].username.str();
  }

  db::Database database_{options()};
  ManualClock clock_{from_millis(1'700'000'000'000)};
  SimulationStore store_{database_, clock_};
};

TEST_P(SimulationTest, SaysWhoUsedLatelyWhatIsLost) {
  log_grant("bob", "outer/inner/a", "pull,push", std::chrono::hours(24));
  log_grant("bob", "outer/inner/a", "pull", std::chrono::hours(1));           // is still granted
  log_grant("carol", "outer/inner/a", "pull,push", std::chrono::hours(200));  // too long ago
  const auto answer = simulate({change_inner({.member_access = Level::read})}).value();
  const auto& simulation = answer.simulation;
  ASSERT_EQ(simulation.rows.size(), 2U);
  EXPECT_EQ(name_of(answer, simulation.rows[0].person), "bob");
  EXPECT_THAT(simulation.rows[0].used, ElementsAre(std::pair(Action::push, clock_.now() - std::chrono::hours(24))));
  EXPECT_TRUE(simulation.rows[1].used.empty());
  EXPECT_EQ(simulation.losing.size(), 2U);
  EXPECT_EQ(simulation.losing_what_is_used.size(), 1U);
  const auto& effect = simulation.effects[simulation.rows[0].effect];
  EXPECT_EQ(effect.loses, ActionSet{Action::push});
  EXPECT_EQ(effect.repositories, 2U);
  EXPECT_TRUE(effect.other_names);
}

TEST_P(SimulationTest, CountsWhatWasUsedAndIsNotKnown) {
  log_grant("carol", "outer/inner/new", "pull,push", std::chrono::minutes(10));
  const auto answer = simulate({change_inner({.members = std::vector{user("bob")}})}).value();
  ASSERT_EQ(answer.simulation.rows.size(), 1U);
  EXPECT_EQ(name_of(answer, answer.simulation.rows[0].person), "carol");
  EXPECT_THAT(answer.simulation.rows[0].used, ElementsAre(testing::Key(Action::push)));
}

TEST_P(SimulationTest, CountsWhatADisabledUserUsedAnywhere) {
  log_grant("bob", "outer/x", "pull", std::chrono::hours(2));
  const auto answer = simulate({ChangeUser{.user = user("bob"), .wanted = {.disabled = true}, .groups = {}}}).value();
  EXPECT_EQ(answer.simulation.rows.size(), 2U);
  EXPECT_EQ(answer.simulation.losing_what_is_used.size(), 1U);
}

TEST_P(SimulationTest, TellsAnOwnerNothingOfNamespacesOfOthers) {
  const RemoveNamespace removal{std::pair("main", ns_name("outer/inner"))};
  const auto all = simulate({removal}).value().simulation;
  EXPECT_EQ(all.not_compared, 0U);
  EXPECT_FALSE(all.rows.empty());
  const auto own = simulate({removal}, "alice").value().simulation;
  EXPECT_TRUE(own.rows.empty());
  EXPECT_EQ(own.not_compared, 2U);
  const auto inside = simulate({change_inner({.member_access = Level::full})}, "alice").value().simulation;
  EXPECT_FALSE(inside.gaining.empty());
}

TEST_P(SimulationTest, TriesChangesOnWhatThoseBeforeHaveMade) {
  const CreateNamespace creation{.registry = "main", .name = ns_name("outer/inner/deep"), .wanted = {}};
  ChangeNamespace after{.target = std::pair("main", creation.name), .wanted = {.other_access = Level::read}};
  EXPECT_TRUE(simulate({creation, after}, "alice"));
  EXPECT_EQ(simulate({after, creation}, "alice").error().kind, RefusalKind::not_found);
  EXPECT_EQ(simulate({creation, creation}, "alice").error().field, "changes[1].create_namespace.name");
}

INSTANTIATE_TEST_SUITE_P(Engines, SimulationTest, db::every_engine(), db::engine_name);

}  // namespace
}  // namespace spectacles::access
