#include "removal/trash_list_sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <random>

#include "access/rows_sql.h"
#include "accounts/rows_sql.h"
#include "removal/permission.h"
#include "support/removal_world.h"

namespace spectacles::removal {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

class TrashListTest : public StoreTest {
 protected:
  TrashListTest() {
    database_.write([&](db::Session& session) {
      for (const auto* name : {"alice", "bob", "carol", "root"}) {
        const auto role = std::string_view(name) == "root" ? accounts::Role::admin : accounts::Role::user;
        accounts::rows::insert_account(
            session, {.username = UserName::parse(name).value(), .email = {}, .password_hash = "x", .role = role},
            clock_.now());
      }
    });
  }

  accounts::Principal who(const std::string& name) {
    return {.account = database_.read([&](db::Session& session) {
              return accounts::rows::find_account(session, UserName::parse(name).value());
            }),
            .groups = {}};
  }

  NamespaceId add_namespace(const std::string& name, access::Level other = access::Level::none,
                            std::vector<access::Claim> claims = {}) {
    return database_.write([&](db::Session& session) {
      return access::rows::insert_namespace(session,
                                            {.id = NamespaceId(0),
                                             .registry = registry_.id,
                                             .name = NamespaceName::parse(name).value(),
                                             .owner = who("alice").account->id,
                                             .owner_name = UserName::parse("alice").value(),
                                             .description = {},
                                             .other_access = other,
                                             .members = {},
                                             .groups = {},
                                             .claims = std::move(claims)},
                                            clock_.now());
    });
  }

  TrashId throw_away(const std::string& repository, const std::string& bytes = "{}") {
    auto where = occasion();
    where.repository = RepositoryPath::parse(repository).value();
    clock_.advance(1s);
    return trash_.begin(where, {{.manifest = {digest('1'), "image"}, .bytes = bytes}}, {});
  }

  // Names in the order of the list, over as many pages as that takes.
  std::vector<std::string> names(const accounts::Principal& who, const TrashFilter& filter = {},
                                 const Order& order = {"deleted_at", true}, std::size_t limit = 2) {
    const access::NamespaceMap namespaces(
        database_.read([](db::Session& session) { return access::rows::all_namespaces(session); }));
    std::vector<std::string> all;
    PageRequest page{.limit = limit, .order = order};
    while (true) {
      auto found = trash_.list(who, namespaces, filter, page);
      const bool more = found.rows.size() > limit;
      if (more) found.rows.resize(limit, found.rows.front());
      for (const auto& entry : found.rows) all.push_back(entry.repository.str());
      if (!more) {
        EXPECT_EQ(found.total, static_cast<std::int64_t>(all.size()));
        return all;
      }
      page.after = key_of(found.rows.back(), order);
    }
  }

  TrashStore trash_{database_, recorder_, clock_};
};

TEST_P(TrashListTest, HasEachEntryOnceInEveryOrder) {
  for (const auto* name : {"b/x", "a/x", "c", "a/x", "b/y"}) throw_away(name, std::string(name) == "c" ? "12345" : "1");
  const auto root = who("root");
  for (const std::size_t limit : {1U, 2U, 3U, 100U}) {
    EXPECT_THAT(names(root, {}, {"deleted_at", true}, limit), ElementsAre("b/y", "a/x", "c", "a/x", "b/x"));
    EXPECT_THAT(names(root, {}, {"deleted_at", false}, limit), ElementsAre("b/x", "a/x", "c", "a/x", "b/y"));
    EXPECT_THAT(names(root, {}, {"repository", false}, limit), ElementsAre("a/x", "a/x", "b/x", "b/y", "c"));
    EXPECT_EQ(names(root, {}, {"size", true}, limit).front(), "c");
    EXPECT_EQ(names(root, {}, {"size", false}, limit).back(), "c");
  }
}

TEST_P(TrashListTest, Filters) {
  const auto a = add_namespace("a");
  for (const auto* name : {"a/x", "b/x", "a/y_1"}) throw_away(name);
  const auto root = who("root");
  EXPECT_THAT(names(root, {.registry = "main"}).size(), 3U);
  EXPECT_THAT(names(root, {.registry = "other"}), IsEmpty());
  EXPECT_THAT(names(root, {.ns = a}), ElementsAre("a/y_1", "a/x"));
  EXPECT_THAT(names(root, {.search = "/X"}), ElementsAre("b/x", "a/x"));
  EXPECT_THAT(names(root, {.ns = a, .search = "_"}), ElementsAre("a/y_1"));
  EXPECT_THAT(names(root, {.search = "%"}), IsEmpty());
}

TEST_P(TrashListTest, FollowsTheNamespacesThatComeAndGo) {
  throw_away("a/b/x");
  throw_away("c");
  const auto outer = add_namespace("a");
  const auto inner = add_namespace("a/b");
  const auto root_of_all = add_namespace("/");
  const auto of = [&](NamespaceId ns) { return names(who("root"), {.ns = ns}); };
  EXPECT_THAT(of(outer), IsEmpty());
  EXPECT_THAT(of(inner), ElementsAre("a/b/x"));
  EXPECT_THAT(of(root_of_all), ElementsAre("c"));
  database_.write([&](db::Session& session) { access::rows::delete_namespace(session, inner); });
  EXPECT_THAT(of(outer), ElementsAre("a/b/x"));
  database_.write([&](db::Session& session) { access::rows::delete_namespace(session, outer); });
  EXPECT_THAT(names(who("alice")), ElementsAre("c"));
}

// Many worlds by chance: exactly what each person may delete in is listed, at every limit.
TEST_P(TrashListTest, ShowsWhatSomebodyMayDeleteInAndNothingElse) {
  std::mt19937 chance(7);
  const auto any = [&](int below) { return static_cast<int>(chance() % static_cast<unsigned>(below)); };
  for (const auto* name : {"n0", "n1", "n2", "n3", "n0/in"}) {
    std::vector<access::Claim> claims;
    for (const auto* user : {"bob", "carol"}) {
      for (const auto* pattern : {"*", "a*", "b/?"}) {
        if (any(2) == 0) continue;
        claims.push_back({who(user).account->id, Pattern::parse(pattern).value(), access::Level(any(4)), user});
      }
    }
    add_namespace(name, access::Level(any(4)), std::move(claims));
  }
  for (int i = 0; i < 60; ++i) {
    const auto* folder = std::array{"n0", "n1", "n2", "n3", "n0/in", "out"}.at(static_cast<std::size_t>(any(6)));
    const auto* rest = std::array{"a1", "a2", "b/1", "b/22", "z"}.at(static_cast<std::size_t>(any(5)));
    throw_away(std::string(folder) + "/" + rest);
  }
  const access::NamespaceMap namespaces(
      database_.read([](db::Session& session) { return access::rows::all_namespaces(session); }));
  const auto all = names(who("root"), {}, {"repository", false}, 100);
  ASSERT_EQ(all.size(), 60U);
  for (const auto* name : {"alice", "bob", "carol"}) {
    const auto person = who(name);
    std::vector<std::string> wanted;
    for (const auto& repository : all) {
      const auto path = RepositoryPath::parse(repository).value();
      const auto* covering = namespaces.find_covering(registry_.id, path);
      if (permission_of(person, covering, path) == Permission::deletes) wanted.push_back(repository);
    }
    for (const std::size_t limit : {1U, 7U, 100U}) {
      EXPECT_EQ(names(person, {}, {"repository", false}, limit), wanted) << name;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, TrashListTest, db::every_engine(), db::engine_name);

}  // namespace
}  // namespace spectacles::removal
