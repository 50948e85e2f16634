#include "access/visible.h"

#include <gtest/gtest.h>

#include "access/rows_sql.h"
#include "access/world_test.h"
#include "db/migrate.h"
#include "db/test_folder.h"

namespace spectacles::access {
namespace {

// Namespaces that lie inside each other, in two registries, as rows and in memory.
class NamespaceMapTest : public testing::Test {
 protected:
  NamespaceMapTest() {
    db::migrate(database_);
    database_.write([](db::Session& session) {
      session.execute(
          "INSERT INTO account (username, password_hash, role, created_at, changed_at) VALUES ('a', 'x', 'user', 0, "
          "0)");
      for (const auto* name : {"one", "two"}) {
        session.execute(
            "INSERT INTO registry (name, url, public_host, service, key_mode, created_at, changed_at) "
            "VALUES (:name, 'http://localhost', 'localhost', :service, 'x5c', 0, 0)",
            name, name);
      }
      for (const auto* name : {"/", "team", "team/a", "team/a/b/c", "team-x", "te"}) insert(session, 1, name);
      for (const auto* name : {"team/a/b", "other"}) insert(session, 2, name);
    });
  }

  static void insert(db::Session& session, std::int64_t registry, const std::string& name) {
    auto ns = sample_namespace(name, AccountId(1));
    ns.registry = RegistryId(registry);
    rows::insert_namespace(session, ns, from_millis(0));
  }

  db::TestFolder folder_;
  db::Database database_{folder_.options()};
};

TEST_F(NamespaceMapTest, AgreesWithTheStatement) {
  database_.read([](db::Session& session) {
    const NamespaceMap map(rows::all_namespaces(session));
    int covered = 0;
    for (const std::int64_t registry : {1, 2, 3}) {
      for (const auto* path : {"app", "team", "te", "team/app", "team/a", "team/a/app", "team/a/b", "team/a/b/app",
                               "team/a/b/c", "team/a/b/c/app", "team/a/b/cc/app", "team-x/app", "team-y/app", "te/app",
                               "t/app", "tea/m", "other/app", "other/deep/er/app", "team/b/b/c/app"}) {
        const auto* in_memory = map.find_covering(RegistryId(registry), path_of(path));
        const auto by_statement = rows::find_covering(session, RegistryId(registry), path_of(path));
        ASSERT_EQ(in_memory != nullptr, by_statement.has_value()) << registry << " " << path;
        if (!by_statement) continue;
        EXPECT_EQ(*in_memory, *by_statement) << registry << " " << path;
        ++covered;
      }
    }
    EXPECT_GT(covered, 15);
  });
}

TEST_F(NamespaceMapTest, TheLongestProperPrefixOfWholeSegmentsCovers) {
  const NamespaceMap map(database_.read([](db::Session& session) { return rows::all_namespaces(session); }));
  const auto covering = [&](std::int64_t registry, const std::string& path) {
    const auto* found = map.find_covering(RegistryId(registry), path_of(path));
    return found == nullptr ? std::string("-") : found->name.str();
  };
  EXPECT_EQ(covering(1, "app"), "/");
  EXPECT_EQ(covering(1, "team"), "/") << "a namespace does not cover a repository of its own name";
  EXPECT_EQ(covering(1, "team/a"), "team");
  EXPECT_EQ(covering(1, "team/a/b/x"), "team/a");
  EXPECT_EQ(covering(1, "team/a/b/c/x"), "team/a/b/c");
  EXPECT_EQ(covering(1, "teams/x"), "-") << "/ covers names of one segment only";
  EXPECT_EQ(covering(2, "app"), "-");
  EXPECT_EQ(covering(2, "team/a/x"), "-");
  EXPECT_EQ(covering(2, "team/a/b/x"), "team/a/b");
}

// Whether there is anything that `subject` may do with one of these repositories.
bool may_anything(const Subject& subject, const Namespace& ns) {
  for (const auto* path : {"team/app", "team/tools-x", "team/deep/er"}) {
    for (const auto requested : {ActionSet{Action::pull}, ActionSet::all()}) {
      if (!decide(subject, &ns, path_of(path), requested).granted.empty()) return true;
    }
  }
  return false;
}

TEST(Reaches, AgreesWithTheDecisions) {
  constexpr Level levels[] = {Level::none, Level::read, Level::write};
  const Subject subjects[] = {{},
                              {.account = alice, .administrator = false, .groups = {}},
                              {.account = alice, .administrator = false, .groups = {builders}},
                              {.account = alice, .administrator = true, .groups = {}}};
  const std::vector<Claim> claims[] = {{},
                                       {claim_of(alice, "tools-*", Level::read)},
                                       {claim_of(alice, "tools-*", Level::none)},
                                       {claim_of(builders, "app", Level::write)},
                                       {claim_of(someone_else, "*", Level::full)}};
  int reached = 0;
  for (const auto& subject : subjects) {
    for (const auto& own_claims : claims) {
      for (const bool is_member : {false, true}) {
        for (const bool is_assigned : {false, true}) {
          for (const Level level : levels) {
            for (const Level other : levels) {
              for (const Level anonymous : {Level::none, Level::read}) {
                auto ns = sample_namespace("team");
                ns.claims = own_claims;
                if (is_member) ns.members = {alice};
                if (is_assigned) ns.groups = {builders};
                ns.member_access = ns.group_access = level;
                ns.other_access = other;
                ns.anonymous_access = anonymous;
                ASSERT_EQ(reaches(subject, ns), may_anything(subject, ns)) << reached;
                reached += reaches(subject, ns) ? 1 : 0;
              }
            }
          }
        }
      }
    }
  }
  EXPECT_GT(reached, 100);
  EXPECT_TRUE(reaches(subjects[1], sample_namespace("team", alice))) << "its owner";
}

TEST(Reaches, AGroupsCustomRightIsNotReachedByAMember) {
  auto ns = sample_namespace("team");
  ns.members = {alice};
  ns.claims = {claim_of(builders, "*", Level::full)};
  const Subject subject{.account = alice, .administrator = false, .groups = {builders}};
  EXPECT_TRUE(decide(subject, &ns, path_of("team/app"), ActionSet::all()).granted.empty());
  EXPECT_FALSE(reaches(subject, ns)) << "the member right decides before";
}

}  // namespace
}  // namespace spectacles::access
