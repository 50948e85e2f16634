#include "catalog/repositories_sql.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "access/subject.h"
#include "access/world_test.h"
#include "support/catalog_rows.h"

namespace spectacles::catalog {
namespace {

using access::Level;

const std::vector<std::string> sorts{"registry", "name", "size", "pushed", "pulled", "tags", "changed_at"};

// Registries, nested namespaces with rights of every kind, and so many repositories that each way of reading them is
// gone: more than 2000, with sizes and times that are often the same.
class RandomCatalog : public db::OnEveryEngine {
 protected:
  static constexpr int repositories = 2300;

  RandomCatalog() {
    for (const auto* name : {"b", "a", "c"}) registries_.push_back(rows_.add_registry(name));
    for (const auto* name : {"alice", "bob", "owner"}) accounts_.push_back(rows_.add_account(name));
    for (const auto* name : {"builders", "testers"}) groups_.push_back(rows_.add_group(name));
    for (const auto registry : registries_) add_namespaces(registry);
    const std::vector<std::string> folders{"", "team/", "team/x/", "team/x/y/", "lone/", "open/", "un/known/"};
    std::vector<std::vector<RepositoryRow>> rows(registries_.size());
    for (int i = 0; i < repositories; ++i) {
      const auto name = folders[number(folders.size())] + (number(2) ? "app-" : "tools-") + std::to_string(i);
      const RepositoryRow row{.name = name,
                              .natural_name = number(4) ? name : "same",
                              .tags = number(3),
                              .size = number(4) * 1000,
                              .pushed_at = number(5) ? number(50) : 0,
                              .pulled_at = number(3) ? 0 : number(9),
                              .changed_at = number(1000)};
      rows[number(20) == 0 ? 2 : number(2)].push_back(row);
    }
    for (std::size_t i = 0; i < rows.size(); ++i) rows_.add_repositories(registries_[i], rows[i]);
  }

  std::int64_t number(std::size_t below) {
    return std::uniform_int_distribution<std::int64_t>(0, static_cast<std::int64_t>(below) - 1)(random_);
  }

  void add_namespaces(RegistryId registry) {
    constexpr std::array levels{Level::none, Level::none, Level::read, Level::write, Level::full};
    const auto level = [&] { return levels[static_cast<std::size_t>(number(levels.size()))]; };
    for (const auto* name : {"/", "team", "team/x", "team/x/y", "lone", "open"}) {
      auto ns = access::sample_namespace(name, accounts_[static_cast<std::size_t>(number(8) ? 2 : number(2))]);
      ns.registry = registry;
      ns.member_access = level();
      ns.group_access = level();
      ns.other_access = level();
      if (number(6) == 0) ns.anonymous_access = Level::read;
      for (const auto account : accounts_) {
        if (number(3) == 0) ns.members.insert(account);
        if (number(3) == 0) ns.claims.push_back(access::claim_of(account, number(2) ? "tools-*" : "*1*", level()));
        if (number(5) == 0) ns.claims.push_back(access::claim_of(account, "app-??", level()));
      }
      for (const auto group : groups_) {
        if (number(3) == 0) ns.groups.insert(group);
        if (number(3) == 0) ns.claims.push_back(access::claim_of(group, "*7*", level()));
      }
      rows_.add_namespace(ns);
    }
  }

  std::vector<accounts::Principal> everybody() const {
    return {accounts::Principal::anonymous(),
            rows_.principal(accounts_[0], "alice", accounts::Role::user, {groups_[0]}),
            rows_.principal(accounts_[1], "bob", accounts::Role::user, {groups_[0], groups_[1]}),
            rows_.principal(accounts_[2], "owner"),
            rows_.principal(AccountId(100), "auditor", accounts::Role::auditor),
            rows_.principal(AccountId(101), "admin", accounts::Role::admin)};
  }

  std::vector<Repository> all() {
    std::vector<Repository> found;
    rows_.database.read([&](db::Session& session) {
      for (const auto& [id] : session.rows<RepositoryId>("SELECT id FROM repository")) {
        found.push_back(rows::find_repository(session, id).value());
      }
      return true;
    });
    return found;
  }

  // Decided one by one, and sorted here.
  std::vector<RepositoryId> expected(const std::vector<Repository>& all, const accounts::Principal& who,
                                     const Order& order, const RepositoryFilter& filter = {}) {
    const auto namespaces = rows_.access.namespaces();
    std::vector<std::pair<std::vector<std::string>, RepositoryId>> keyed;
    for (const auto& one : all) {
      const auto* covering = namespaces->find_covering(one.registry, one.name);
      const bool is_seen = who.reads_everything() || access::may_read(access::subject_of(who), covering, one.name);
      const bool is_wanted = std::all_of(filter.search.begin(), filter.search.end(), [&](const std::string& part) {
        return one.name.str().find(part) != std::string::npos;
      });
      if (!is_seen || !is_wanted || (filter.registry && *filter.registry != one.registry_name.str()) ||
          (filter.unassigned && covering != nullptr) ||
          (filter.ns && (covering == nullptr || covering->id != *filter.ns)))
        continue;
      auto key = key_of(one, order);
      key.back() = sortable(one.id.value());
      if (order.by != "name" && order.by != "registry") key.front() = sortable(std::stoll(key.front()));
      keyed.emplace_back(std::move(key), one.id);
    }
    std::sort(keyed.begin(), keyed.end());
    if (order.descending) std::reverse(keyed.begin(), keyed.end());
    std::vector<RepositoryId> ids;
    ids.reserve(keyed.size());
    for (const auto& [key, id] : keyed) ids.push_back(id);
    return ids;
  }

  // Page after page; `between` runs before each next one.
  template <class Between>
  std::vector<RepositoryId> read_all(const accounts::Principal& who, const Order& order, std::size_t limit,
                                     const RepositoryFilter& filter, Between between) {
    std::vector<RepositoryId> ids;
    PageRequest page{.limit = limit, .after = {}, .order = order};
    const auto visible = rows_.store.visible_to(who);
    while (true) {
      auto found = rows_.store.list_repositories(visible, filter, page);
      const bool is_last = found.rows.size() <= limit;
      if (!is_last) found.rows.pop_back();
      for (const auto& one : found.rows) ids.push_back(one.id);
      total_ = found.total;
      if (is_last) return ids;
      page.after = key_of(found.rows.back(), order);
      between();
    }
  }
  std::vector<RepositoryId> read_all(const accounts::Principal& who, const Order& order, std::size_t limit,
                                     const RepositoryFilter& filter = {}) {
    return read_all(who, order, limit, filter, [] {});
  }

  std::mt19937 random_{20240607};
  CatalogRows rows_{options()};
  std::vector<RegistryId> registries_;
  std::vector<AccountId> accounts_;
  std::vector<GroupId> groups_;
  std::int64_t total_ = 0;
};

TEST_P(RandomCatalog, EveryListIsWhatTheDecisionsSayOneByOne) {
  const auto known = all();
  std::set<std::size_t> sizes;
  for (const auto& who : everybody()) {
    for (const auto& sort : sorts) {
      for (const bool descending : {false, true}) {
        const Order order{sort, descending};
        const auto wanted = expected(known, who, order);
        ASSERT_EQ(read_all(who, order, 400), wanted) << who.name() << " by " << order.str();
        EXPECT_EQ(total_, static_cast<std::int64_t>(wanted.size()));
        sizes.insert(wanted.size());
      }
    }
    EXPECT_EQ(rows_.store.count(rows_.store.visible_to(who)).repositories, total_);
  }
  EXPECT_GE(sizes.size(), 5U) << "people who see different things";
}

TEST_P(RandomCatalog, FiltersBeforeItPages) {
  const auto known = all();
  const auto ns = rows_.access.namespaces()->all().at(1).id;
  const std::vector<RepositoryFilter> filters{{.search = {"app"}},
                                              {.search = {"tools", "11"}},
                                              {.search = {"%"}},
                                              {.search = {"_"}},
                                              {.search = {"'; DROP TABLE tag"}},
                                              {.registry = "a"},
                                              {.registry = "nowhere"},
                                              {.ns = ns},
                                              {.unassigned = true},
                                              {.search = {"team/x/"}, .registry = "b"},
                                              {.search = {"1"}, .ns = ns},
                                              {.ns = ns, .unassigned = true},
                                              {.search = {"known"}, .unassigned = true}};
  int found = 0;
  for (const auto& who : everybody()) {
    for (const auto& filter : filters) {
      for (const auto& order : {Order{"registry"}, Order{"name", true}, Order{"pushed", true}}) {
        const auto wanted = expected(known, who, order, filter);
        ASSERT_EQ(read_all(who, order, 60, filter), wanted) << who.name() << " by " << order.str();
        EXPECT_EQ(total_, static_cast<std::int64_t>(wanted.size()));
        found += wanted.empty() ? 0 : 1;
      }
    }
  }
  EXPECT_GT(found, 60);
}

TEST_P(RandomCatalog, WhatIsNotTouchedComesExactlyOnceWhileOthersMove) {
  const auto admin = everybody().back();
  for (const auto& order : {Order{"pushed", true}, Order{"pushed"}, Order{"size", true}}) {
    std::set<RepositoryId> touched;
    const auto seen = read_all(admin, order, 150, {}, [&] {
      rows_.database.write([&](db::Session& session) {
        for (int i = 0; i < 20; ++i) {
          const RepositoryId id(1 + number(repositories));
          touched.insert(id);
          session.execute("UPDATE repository SET pushed_at = :pushed, size = :size WHERE id = :id", number(100),
                          number(9000), id);
        }
      });
    });
    std::map<RepositoryId, int> times;
    for (const auto id : seen) ++times[id];
    for (std::int64_t id = 1; id <= repositories; ++id) {
      const RepositoryId one(id);
      ASSERT_TRUE(touched.contains(one) || times[one] == 1) << order.str() << ": " << id;
    }
    EXPECT_GT(touched.size(), 100U);
  }
}

TEST_P(RandomCatalog, OneRepositoryIsFoundByWhoSeesIt) {
  const auto known = all();
  for (const auto& who : everybody()) {
    const auto visible = rows_.store.visible_to(who);
    const auto seen = expected(known, who, {"name"});
    const std::set<RepositoryId> wanted(seen.begin(), seen.end());
    for (std::size_t i = 0; i < known.size(); i += 7) {
      ASSERT_EQ(rows_.store.find_repository(visible, known[i].id).has_value(), wanted.contains(known[i].id));
    }
    EXPECT_FALSE(rows_.store.find_repository(visible, RepositoryId(999'999)));
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, RandomCatalog, db::every_engine(), db::engine_name);

}  // namespace
}  // namespace spectacles::catalog
