#include "declare/apply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "accounts/rows_sql.h"
#include "declare/fixture_test.h"

namespace spectacles::declare {
namespace {

using testing::HasSubstr;

class Verbs {
 protected:
  explicit Verbs(const std::optional<db::Options>& options = {}) : here_(options) {}

  static std::string hash_line(char seed = 'a') { return "password_hash: '" + some_hash(seed) + "'"; }

  // A registry, an administrator and three users, a group and a namespace.
  std::string team() const {
    return "registries:\n- {name: main, url: 'http://localhost:5000', service: Docker registry}\n"
           "users:\n- {username: root, role: admin, " +
           hash_line() + "}\n- {username: alice, " + hash_line() + "}\n- {username: bob, " + hash_line() +
           "}\n- {username: carol, " + hash_line() +
           "}\ngroups:\n- {name: builders, members: [alice, bob]}\n"
           "namespaces:\n- registry: main\n  name: team\n  owner: alice\n  members: [bob]\n  groups: [builders]\n"
           "  member_access: READ\n  group_access: WRITE\n  claims:\n"
           "  - {user: carol, repository: '*', access: FULL}\n  - {group: builders, repository: 'tools-*', access: "
           "NONE}\n";
  }

  std::string apply(std::string_view yaml) { return here_.say(here_.apply(yaml)); }
  std::string prune(std::string_view yaml) { return here_.say(here_.prune(yaml)); }

  Installation here_;
};

class Apply : public db::OnEveryEngine, protected Verbs {
 protected:
  Apply() : Verbs(options()) {}
};

TEST_P(Apply, CreatesWhatTheFileSays) {
  EXPECT_EQ(
      apply(team()),
      "+ registry main (url http://localhost:5000, public localhost:5000, service \"Docker registry\", key_mode x5c)\n"
      "+ user alice (role user)\n"
      "+ user bob (role user)\n"
      "+ user carol (role user)\n"
      "+ user root (role admin)\n"
      "+ group builders (members [alice, bob])\n"
      "+ namespace main/team (owner alice, member_access READ, group_access WRITE, members [bob], groups "
      "[builders], claims [user carol: FULL on *, group builders: NONE on tools-*])\n"
      "7 to create, 0 to change, 0 to delete\n");
  EXPECT_EQ(here_.single("SELECT count(*) FROM namespace_claim"), 2);
  EXPECT_EQ(here_.single("SELECT count(*) FROM user_group_member"), 2);
  EXPECT_EQ(here_.single<std::string>("SELECT public_host FROM registry"), "localhost:5000");
}

TEST_P(Apply, ASecondRunChangesNothing) {
  apply(team());
  const std::string before = here_.yaml();
  const auto events = here_.single("SELECT count(*) FROM activity");
  EXPECT_EQ(apply(team()), "nothing to change\n");
  EXPECT_EQ(here_.yaml(), before);
  EXPECT_EQ(here_.single("SELECT count(*) FROM activity"), events);
}

TEST_P(Apply, APlanWritesNothing) {
  const Outcome outcome = here_.apply(team(), {.plan_only = true});
  EXPECT_EQ(outcome.plan.changes.size(), 7U);
  EXPECT_EQ(here_.single("SELECT count(*) FROM account"), 0);
  EXPECT_EQ(here_.single("SELECT count(*) FROM activity"), 0);
}

TEST_P(Apply, SaysWhatChanges) {
  apply(team());
  EXPECT_EQ(
      apply("namespaces: [{registry: main, name: team, other_access: READ, members: [carol], claims: [], "
            "description: \"two\\nlines\"}]\n"
            "users: [{username: ALICE, role: auditor, email: a@example.org, " +
            hash_line('b') + "}]\nregistries: [{name: main, url: 'http://localhost:5001'}]"),
      "~ registry main: url http://localhost:5000 -> http://localhost:5001\n"
      "~ user alice: role user -> auditor, email none -> a@example.org, password: changed\n"
      "~ namespace main/team: description \"\" -> \"two\\nlines\", other_access NONE -> READ, members +carol -bob, "
      "claims -group builders: NONE on tools-* -user carol: FULL on *\n"
      "0 to create, 3 to change, 0 to delete\n");
}

TEST_P(Apply, AKeyThatIsLeftOutStaysAsItIs) {
  apply(team());
  apply("users: [{username: alice, email: a@example.org, role: auditor, disabled: true}]");
  EXPECT_EQ(apply("users: [{username: alice}]\nnamespaces: [{name: team}]\ngroups: [{name: builders}]"),
            "nothing to change\n");
  EXPECT_EQ(apply("users: [{username: alice, email: null}]"),
            "~ user alice: email a@example.org -> none\n0 to create, 1 to change, 0 to delete\n");
}

TEST_P(Apply, APasswordThatVerifiesChangesNothing) {
  const std::string yaml =
      "users: [{username: alice, password: correct horse}, {username: bob, password: battery staple}]";
  EXPECT_THAT(apply(yaml), HasSubstr("2 to create"));
  const auto hash = here_.single<std::string>("SELECT password_hash FROM account WHERE username = 'alice'");
  EXPECT_TRUE(here_.hasher().verify(Secret("correct horse"), hash));
  EXPECT_EQ(apply(yaml), "nothing to change\n");
  EXPECT_EQ(here_.single<std::string>("SELECT password_hash FROM account WHERE username = 'alice'"), hash);

  const std::string other = "users: [{username: alice, password: correct zebra}]";
  constexpr std::string_view changed = "~ user alice: password: changed\n0 to create, 1 to change, 0 to delete\n";
  EXPECT_EQ(here_.say(here_.apply(other, {.plan_only = true})), changed);
  EXPECT_EQ(apply(other), changed);
  const auto new_hash = here_.single<std::string>("SELECT password_hash FROM account WHERE username = 'alice'");
  EXPECT_TRUE(here_.hasher().verify(Secret("correct zebra"), new_hash));
}

TEST_P(Apply, EachChangeLeavesAnEventWithoutASecret) {
  apply(team());
  apply("users: [{username: alice, role: auditor, " + hash_line('b') + "}]");
  EXPECT_EQ(here_.single("SELECT count(*) FROM activity"), 8);
  EXPECT_EQ(here_.single("SELECT count(*) FROM activity WHERE actor = '(command line)'"), 8);
  EXPECT_EQ(here_.single<std::string>("SELECT subject FROM activity WHERE action = 'namespace.created'"), "main: team");
  EXPECT_EQ(here_.single<std::string>("SELECT before_json FROM activity WHERE action = 'user.changed'"),
            R"({"role":"user"})");
  EXPECT_EQ(here_.single<std::string>("SELECT after_json FROM activity WHERE action = 'user.changed'"),
            R"({"role":"auditor","password":"changed"})");
  EXPECT_EQ(here_.single("SELECT count(*) FROM activity WHERE coalesce(before_json, '') || coalesce(after_json, '') "
                         "LIKE '%argon2%'"),
            0);
}

TEST_P(Apply, NamesMayBeThoseOfTheDatabase) {
  apply(team());
  EXPECT_THAT(apply("namespaces: [{registry: main, name: other, owner: bob, groups: [builders]}]"),
              HasSubstr("1 to create"));
}

TEST_P(Apply, TheOnlyRegistryNeedNotBeNamed) {
  EXPECT_EQ(apply("namespaces: [{name: team, owner: a}]\nusers: [{username: a, " + hash_line() + "}]"),
            "namespaces[0].registry: is missing: there is no registry yet (line 1)\n");
  apply(team());
  EXPECT_THAT(apply("namespaces: [{name: /, owner: bob}]"), HasSubstr("+ namespace main/ (owner bob)"));
  apply("registries: [{name: second, url: 'http://localhost:5001', service: second}]");
  EXPECT_EQ(apply("namespaces: [{name: x, owner: bob}]"),
            "namespaces[0].registry: is missing: there is more than one registry (line 1)\n");
}

struct Wrong {
  std::string_view yaml;
  std::string_view error;
};

class WrongDocument : public testing::TestWithParam<Wrong>, protected Verbs {};

TEST_P(WrongDocument, IsRefusedAndChangesNothing) {
  apply(team());
  const std::string before = here_.yaml();
  EXPECT_EQ(apply(GetParam().yaml), GetParam().error);
  EXPECT_EQ(here_.yaml(), before);
}

INSTANTIATE_TEST_SUITE_P(
    Apply, WrongDocument,
    testing::Values(
        Wrong{"users:\n- username: dave\n",
              "users[0].password: is missing: a new user needs password, password_hash or password_file (line 2)\n"},
        Wrong{"registries:\n- name: new\n",
              "registries[0].url: is missing: a new registry needs url and service (line 2)\n"
              "registries[0].service: is missing: a new registry needs url and service (line 2)\n"},
        Wrong{"registries:\n- name: new\n  url: http://localhost:1\n  service: Docker registry\n",
              "registries[0].service: 'Docker registry' is the service of registry 'main' already (line 4)\n"},
        Wrong{"namespaces:\n- {registry: none, name: x, owner: alice}\n",
              "namespaces[0].registry: there is no registry 'none' (line 2)\n"},
        Wrong{"namespaces:\n- {name: x}\n",
              "namespaces[0].owner: is missing: a new namespace needs an owner (line 2)\n"},
        Wrong{"namespaces:\n- name: team\n  owner: zoe\n  members: [bob, zoe]\n  groups: [none]\n  claims:\n"
              "  - {group: none, repository: x, access: READ}\n  - {user: zoe, repository: x, access: READ}\n",
              "namespaces[0].owner: there is no user 'zoe' (line 3)\n"
              "namespaces[0].members[1]: there is no user 'zoe' (line 4)\n"
              "namespaces[0].groups[0]: there is no group 'none' (line 5)\n"
              "namespaces[0].claims[0].group: there is no group 'none' (line 7)\n"
              "namespaces[0].claims[1].user: there is no user 'zoe' (line 8)\n"},
        Wrong{"namespaces:\n- {name: x, owner: bob}\n- {registry: main, name: x, owner: bob}\n",
              "namespaces[1].name: main/x is described by namespaces[0] already (line 3)\n"},
        Wrong{"groups:\n- {name: builders, members: [zoe]}\n",
              "groups[0].members[0]: there is no user 'zoe' (line 2)\n"},
        Wrong{"users:\n- username: root\n  role: user\n",
              "users[0].role: this would leave no active administrator (line 3)\n"},
        Wrong{"users:\n- username: root\n  disabled: true\n",
              "users[0].disabled: this would leave no active administrator (line 3)\n"},
        // errors of the text and of its meaning together, and none twice
        Wrong{"users:\n- username: dave\n  password: short\n- username: alice\n  role: king\ngroups:\n"
              "- {name: builders, members: [dave, zoe]}\n",
              "users[0].password: a password has 8 to 256 characters (line 3)\n"
              "users[1].role: a role is user, auditor or admin (line 5)\n"
              "groups[0].members[1]: there is no user 'zoe' (line 7)\n"},
        // also where an entry has no name that could be read
        Wrong{"users:\n- {username: Alice Smith}\ngroups:\n- {name: builders, members: [zoe]}\n",
              "users[0].username: a user name has 1 to 64 characters of a-z, 0-9, '.', '_' and '-', and begins with a "
              "letter or digit (line 2)\n"
              "groups[0].members[0]: there is no user 'zoe' (line 4)\n"},
        Wrong{
            "namespaces:\n- {registry: none, name: X, owner: zoe}\n- {registry: none, name: x, members: [zoe]}\n",
            "namespaces[0].name: a namespace is '/' or has components of a-z and 0-9 joined by '.', '_', '__' or '-', "
            "separated by '/', and at most 255 characters (line 2)\n"
            "namespaces[0].owner: there is no user 'zoe' (line 2)\n"
            "namespaces[0].registry: there is no registry 'none' (line 2)\n"
            "namespaces[1].members[0]: there is no user 'zoe' (line 3)\n"
            "namespaces[1].registry: there is no registry 'none' (line 3)\n"}));

TEST_P(Apply, AServiceMayPassFromOneRegistryToAnother) {
  apply(
      "registries: [{name: a, url: 'http://localhost:1', service: one}, {name: b, url: 'http://localhost:2', service: "
      "two}]");
  EXPECT_THAT(apply("registries: [{name: a, service: two}, {name: b, service: one}, {name: c, url: "
                    "'http://localhost:3', service: three}]"),
              HasSubstr("1 to create, 2 to change"));
  EXPECT_EQ(here_.single<std::string>("SELECT service FROM registry WHERE name = 'a'"), "two");
  EXPECT_THAT(prune("registries: [{name: d, url: 'http://localhost:4', service: one}]"),
              HasSubstr("1 to create, 0 to change, 3 to delete"));
}

TEST_P(Apply, PruneRemovesOnlyKindsThatTheFileHas) {
  apply(team());
  EXPECT_EQ(prune("groups: []"),
            "~ namespace main/team: groups -builders, claims -group builders: NONE on tools-*\n"
            "- group builders\n"
            "0 to create, 1 to change, 1 to delete\n");
  EXPECT_EQ(here_.single("SELECT count(*) FROM account"), 4);
  EXPECT_EQ(prune("{}"), "nothing to change\n");
  EXPECT_EQ(prune("registries: []\nnamespaces: []\nusers: [{username: root}]\n"),
            "- namespace main/team\n- registry main\n- user alice\n- user bob\n- user carol\n"
            "0 to create, 0 to change, 5 to delete\n");
  EXPECT_EQ(here_.single("SELECT count(*) FROM namespace_member"), 0);
}

TEST_P(Apply, WithoutPruneNothingIsRemoved) {
  apply(team());
  EXPECT_EQ(apply("users: []\ngroups: []\nregistries: []\nnamespaces: []\n"), "nothing to change\n");
}

TEST_P(Apply, PruneKeepsWhatStaysWhole) {
  apply(team());
  EXPECT_EQ(
      prune("groups: []\nusers: []\n"),
      "users: user 'alice' is not in the list, so pruning would delete the owner of namespace main/team, which stays: "
      "give it another owner (line 2)\n"
      "users: this would leave no active administrator (line 2)\n");
  EXPECT_EQ(prune("registries: []"),
            "registries: registry 'main' is not in the list, so pruning would delete it, but it has the namespace "
            "main/team, which stays (line 1)\n");
  EXPECT_EQ(prune("users: [{username: root}, {username: bob}]\nnamespaces: [{name: team, owner: bob, members: [carol], "
                  "claims: []}]"),
            "namespaces[0].members[0]: there is no user 'carol' (line 2)\n");
}

TEST_P(Apply, AnOwnerMayLeaveWhenAnotherTakesOver) {
  apply(team());
  EXPECT_THAT(prune("users: [{username: root}, {username: bob}]\nnamespaces: [{name: team, owner: bob}]"),
              HasSubstr("0 to create, 2 to change, 2 to delete"));
  EXPECT_EQ(here_.single("SELECT count(*) FROM account"), 2);
}

// A fault in the middle takes back what was done before it.
TEST_P(Apply, IsOneTransaction) {
  here_.database().change_schema(
      [](db::Session& session) { session.execute("CREATE UNIQUE INDEX only_one ON namespace (anonymous_access)"); });
  EXPECT_THROW(here_.apply(team() + "- {name: other, owner: alice}\n"), db::UniqueViolation);
  for (const std::string_view table : {"registry", "account", "user_group", "namespace", "activity"}) {
    EXPECT_EQ(here_.single(fmt::format("SELECT count(*) FROM {}", table)), 0) << table;
  }
}

TEST_P(Apply, ManyUsersAndNamespacesTakeSeconds) {
  std::string yaml = "registries: [{name: main, url: 'http://localhost:5000', service: s}]\nusers:\n";
  for (int i = 0; i < 10'000; ++i) yaml += fmt::format("- {{username: user{}, {}}}\n", i, hash_line());
  yaml += "groups:\n";
  for (int i = 0; i < 100; ++i) yaml += fmt::format("- {{name: group{}, members: [user{}, user{}]}}\n", i, i, i + 1);
  yaml += "namespaces:\n";
  for (int i = 0; i < 2000; ++i) {
    yaml += fmt::format(
        "- {{name: team{}, owner: user{}, members: [user{}], groups: [group{}], claims: [{{user: user{}, "
        "repository: 'x-*', access: READ}}]}}\n",
        i, i, i + 1, i % 100, i + 2);
  }
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(here_.apply(yaml).plan.changes.size(), 12'101U);
  EXPECT_EQ(apply(yaml), "nothing to change\n");
  // Seconds even without optimization; one look-up in a list for each of them would take minutes.
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(60));
}

INSTANTIATE_TEST_SUITE_P(Engines, Apply, db::every_engine(), db::engine_name);

}  // namespace
}  // namespace spectacles::declare
