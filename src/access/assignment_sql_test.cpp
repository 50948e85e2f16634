#include "access/assignment_sql.h"

#include <gtest/gtest.h>

#include <random>

#include "access/rows_sql.h"
#include "access/world_test.h"
#include "db/migrate.h"
#include "db/test_database.h"

namespace spectacles::access {
namespace {

class AssignmentTest : public db::OnEveryEngine {
 protected:
  AssignmentTest() {
    db::migrate(database_);
    database_.write([](db::Session& session) {
      for (const auto* name : {"main", "other"}) {
        session.execute(
            "INSERT INTO registry (name, url, public_host, service, key_mode, created_at, changed_at) "
            "VALUES (:name, 'http://localhost:5000', 'localhost:5000', :service, 'x5c', 0, 0)",
            name, name);
      }
      session.execute(
          "INSERT INTO account (username, password_hash, role, created_at, changed_at) "
          "VALUES ('owner', 'x', 'user', 0, 0)");
    });
  }

  void add_repository(RegistryId registry, const std::string& name) {
    database_.write([&](db::Session& session) {
      const RepositoryId id(
          session.insert("INSERT INTO repository (registry_id, name, first_seen_at, changed_at) "
                         "VALUES (:registry, :name, 0, 0)",
                         registry, name));
      assignment::assign(session, id, registry, path_of(name));
    });
  }

  void add_namespace(RegistryId registry, const std::string& name) {
    auto ns = sample_namespace(name, AccountId(1));
    ns.registry = registry;
    database_.write([&](db::Session& session) { rows::insert_namespace(session, ns, from_millis(0)); });
  }

  // "a/x:a b:" - each repository of a registry with the namespace beside it.
  std::string assigned(RegistryId registry) {
    return database_.read([&](db::Session& session) {
      std::string text;
      for (const auto& [name, ns] : session.rows<std::string, std::optional<std::string>>(
               "SELECT r.name, n.name FROM repository r LEFT JOIN namespace n ON n.id = r.namespace_id "
               "WHERE r.registry_id = :registry ORDER BY r.name",
               registry)) {
        text += name + ":" + ns.value_or("") + " ";
      }
      return text;
    });
  }

  void expect_true_everywhere() {
    database_.read([](db::Session& session) {
      for (const auto& [registry, path, kept] : session.rows<RegistryId, RepositoryPath, std::optional<NamespaceId>>(
               "SELECT registry_id, name, namespace_id FROM repository")) {
        const auto covering = rows::find_covering(session, registry, path);
        EXPECT_EQ(kept, covering ? std::optional(covering->id) : std::nullopt) << path.str();
      }
    });
  }

  db::Database database_{options()};
  const RegistryId main_{1};
  const RegistryId other_{2};
};

TEST_P(AssignmentTest, TheInnermostNamespaceGetsANewRepository) {
  for (const auto* name : {"/", "a", "a/b"}) add_namespace(main_, name);
  add_namespace(other_, "a/b/c");
  for (const auto* name : {"a", "a/x", "a/b/x", "a/b/c/d", "a/bx/y", "b/x"}) add_repository(main_, name);
  EXPECT_EQ(assigned(main_), "a:/ a/b/c/d:a/b a/b/x:a/b a/bx/y:a a/x:a b/x: ");
}

TEST_P(AssignmentTest, FollowsNamespacesThatComeAndGo) {
  for (const auto* name : {"a", "a/x", "a/b/x", "a-b/x", "a0/x"}) add_repository(main_, name);
  add_repository(other_, "a/x");
  add_namespace(main_, "a/b");
  EXPECT_EQ(assigned(main_), "a: a-b/x: a/b/x:a/b a/x: a0/x: ");
  add_namespace(main_, "a");
  EXPECT_EQ(assigned(main_), "a: a-b/x: a/b/x:a/b a/x:a a0/x: ");
  database_.write([&](db::Session& session) {
    rows::delete_namespace(session,
                           rows::find_namespace(session, main_, NamespaceName::parse("a/b").value()).value().id);
  });
  EXPECT_EQ(assigned(main_), "a: a-b/x: a/b/x:a a/x:a a0/x: ");
  EXPECT_EQ(assigned(other_), "a/x: ");
}

// Names of few letters, so that nearly every namespace lies in another one or around it.
TEST_P(AssignmentTest, IsTheCoveringNamespaceWhateverHappened) {
  std::mt19937 random(7);
  const auto pick = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
  const auto path = [&] {
    std::string text;
    for (int segments = 1 + pick(4); segments > 0; --segments) {
      text += (text.empty() ? "" : "/") + std::string{"ab0"[pick(3)]} + (pick(3) == 0 ? "-a" : "");
    }
    return text;
  };
  std::set<std::pair<int, std::string>> repositories;
  std::set<std::pair<int, std::string>> namespaces;
  for (int step = 0; step < 150; ++step) {
    const std::pair<int, std::string> at{1 + pick(2), pick(12) == 0 ? "/" : path()};
    const RegistryId registry(at.first);
    if (pick(2) == 0) {
      if (at.second != "/" && repositories.insert(at).second) add_repository(registry, at.second);
    } else if (namespaces.insert(at).second) {
      add_namespace(registry, at.second);
    } else {
      namespaces.erase(at);
      database_.write([&](db::Session& session) {
        const auto name = NamespaceName::parse(at.second).value();
        rows::delete_namespace(session, rows::find_namespace(session, registry, name).value().id);
      });
    }
    if (step % 10 == 9) expect_true_everywhere();
  }
  EXPECT_GT(repositories.size(), 20U);
  EXPECT_GT(namespaces.size(), 10U);
}

INSTANTIATE_TEST_SUITE_P(Engines, AssignmentTest, db::every_engine(), db::engine_name);

}  // namespace
}  // namespace spectacles::access
