// All ways of asking about rights must agree, in every world: explain, who and reach with what a token is granted by,
// and the simulation of a change with the difference that the real change makes. Worlds are random; a failure prints
// the seed. SPECTACLES_TEST_WORLDS says how many of them, if not the usual number.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <tuple>

#include "access/belongings_sql.h"
#include "access/example.h"
#include "access/find_registry_sql.h"
#include "access/merge.h"
#include "access/name_lookup_sql.h"
#include "access/namespaces_sql.h"
#include "access/random_world_test.h"
#include "access/simulation_sql.h"
#include "access/store_sql.h"
#include "access/subject.h"
#include "access/what_if_sql.h"
#include "accounts/groups_sql.h"
#include "accounts/rows_sql.h"
#include "accounts/users_sql.h"
#include "db/migrate.h"
#include "db/test_database.h"

namespace spectacles::access {
namespace {

using accounts::Principal;

const auto any = audit::ExpectedRevision::any();
const auto actor = audit::Actor::command_line();

// What an action set stands for: pull alone, push with pull, delete.
ActionSet asked_alone(const Decision& decision) {
  const ActionSet pull{Action::pull};
  const ActionSet push{Action::push};
  return decision.abilities.granted(pull) | (decision.abilities.granted(pull | push) & push) |
         decision.abilities.granted({Action::del});
}

class WhatIfModelTest : public db::OnEveryEngine {
 protected:
  WhatIfModelTest() { db::migrate(database_); }

  std::size_t worlds() const {
    const char* set = std::getenv("SPECTACLES_TEST_WORLDS");
    if (set != nullptr) return static_cast<std::size_t>(std::atoi(set));
    return engine() == db::Engine::sqlite ? 150 : 10;
  }

  void build(Dice& dice) {
    database_.write([&](db::Session& session) {
      session.count_change();
      for (const auto* table : {"repository", "namespace", "user_group", "account", "registry"}) {
        session.execute(std::string("DELETE FROM ") + table);
      }
      for (const auto& name : registry_pool) {
        session.execute(
            "INSERT INTO registry (name, url, public_host, service, key_mode, created_at, changed_at) "
            "VALUES (:name, 'http://localhost', :host, :service, 'x5c', 0, 0)",
            name, name + ".example.org", name);
      }
      accounts::rows::insert_account(session,
                                     {.username = UserName::parse("operator").value(),
                                      .email = {},
                                      .password_hash = "x",
                                      .role = accounts::Role::user},
                                     clock_.now());
      for (const auto& name : user_pool) {
        const auto role = name == "root"   ? accounts::Role::admin
                          : dice.one_in(6) ? accounts::Role::admin
                          : dice.one_in(6) ? accounts::Role::auditor
                                           : accounts::Role::user;
        accounts::rows::insert_account(session,
                                       {.username = UserName::parse(name).value(),
                                        .email = {},
                                        .password_hash = "x",
                                        .role = role,
                                        .disabled = name != "root" && dice.one_in(6)},
                                       clock_.now());
      }
      for (const auto& name : group_pool) {
        const auto id = accounts::rows::insert_group(session, Label::parse(name).value(), clock_.now());
        std::set<AccountId> members;
        for (const auto& member : dice.some(user_pool, 2)) members.insert(account(session, member)->id);
        accounts::rows::replace_members(session, id, members);
      }
      for (const auto& registry : rows::all_registries(session)) {
        for (const auto& path : dice.some(path_pool, 2)) {
          session.execute(
              "INSERT INTO repository (registry_id, name, first_seen_at, changed_at) VALUES (:registry, :name, 0, 0)",
              registry.id, path);
        }
      }
      for (const auto& registry : rows::all_registries(session)) {
        for (const auto& name : dice.some(namespace_pool, 2)) add_namespace(session, dice, registry.id, name);
      }
    });
  }

  void add_namespace(db::Session& session, Dice& dice, RegistryId registry, const std::string& name) {
    const auto root = account(session, "root").value();
    Namespace ns{.id = NamespaceId(0),
                 .registry = registry,
                 .name = NamespaceName::parse(name).value(),
                 .owner = root.id,
                 .owner_name = root.username,
                 .description = "",
                 .members = {},
                 .groups = {},
                 .claims = {}};
    auto rights = random_rights(dice, false);
    if (!merge(lookup_in(session), rights, ns)) {  // a custom right came twice
      rights.claims.reset();
      (void)merge(lookup_in(session), rights, ns);
    }
    rows::insert_namespace(session, ns, clock_.now());
  }

  static std::optional<accounts::Account> account(db::Session& session, const std::string& name) {
    return accounts::rows::find_account(session, UserName::parse(name).value());
  }

  // Nothing: there is no such user, or he may not sign in. "": nobody signed in.
  std::optional<Principal> who(const std::string& name) {
    if (name.empty()) return Principal::anonymous();
    return database_.read([&](db::Session& session) -> std::optional<Principal> {
      auto found = account(session, name);
      if (!found || found->disabled) return std::nullopt;
      const auto id = found->id;
      return Principal{.account = std::move(found), .groups = accounts::rows::groups_of(session, id)};
    });
  }

  // As a token is decided; nobody who may not sign in comes that far.
  Decision decide_on(const std::optional<Principal>& principal, RegistryId registry, const RepositoryPath& path,
                     ActionSet requested) {
    return principal ? access_.decide_on(*principal, registry, path, requested) : Decision{};
  }

  // Makes all changes. His account is that of no administrator, so that the last one can be among those who change.
  Principal proposer() {
    auto principal = who("operator").value();
    principal.account->role = accounts::Role::admin;
    return principal;
  }

  // The real changes.
  Result<void> make(const Proposal& proposal) {
    const auto by = proposer();
    return std::visit([&](const auto& change) { return make(change, by); }, proposal);
  }
  Result<NamespaceId> find(const NamespaceTarget& target) {
    const auto& [registry, name] = std::get<std::pair<std::string, NamespaceName>>(target);
    return database_.read([&, registry = registry, name = name](db::Session& session) -> Result<NamespaceId> {
      const auto found = rows::find_namespace(session, find_registry(session, registry)->id, name);
      if (!found) return refuse(RefusalKind::not_found, "there is no such namespace");
      return found->id;
    });
  }
  template <class T>
  static Result<void> outcome(const Result<T>& result) {
    if (!result) return pass_on(result);
    return {};
  }
  Result<void> make(const ChangeNamespace& change, const Principal& by) {
    const auto id = find(change.target);
    if (!id) return pass_on(id);
    return outcome(namespaces_.change(*id, change.wanted, any, by, actor));
  }
  Result<void> make(const CreateNamespace& change, const Principal& by) {
    return outcome(namespaces_.create(change.registry, change.name, change.wanted, by, actor));
  }
  Result<void> make(const RemoveNamespace& change, const Principal& by) {
    const auto id = find(change.target);
    if (!id) return pass_on(id);
    return namespaces_.remove(*id, any, by, actor);
  }
  Result<void> make(const ChangeUser& change, const Principal&) {
    const auto account = users_.find(change.user);
    if (!account) return accounts::refuse_unknown_user(change.user, "username");
    if (const auto changed = users_.change(account->id, change.wanted, any, actor); !changed) return pass_on(changed);
    if (!change.groups) return {};
    for (const auto& group : all_groups()) {
      const bool belongs = std::find(change.groups->begin(), change.groups->end(), group.name) != change.groups->end();
      using Membership = accounts::GroupStore::Membership;
      auto set = groups_.set_member(group.id, change.user, belongs ? Membership::member : Membership::none, actor);
      if (!set) return set;
    }
    for (std::size_t i = 0; i < change.groups->size(); ++i) {
      if (!find_group((*change.groups)[i])) {
        return accounts::refuse_unknown_group((*change.groups)[i], fmt::format("groups[{}]", i));
      }
    }
    return {};
  }
  Result<void> make(const RemoveUser& change, const Principal&) {
    const auto account = users_.find(change.user);
    if (!account) return accounts::refuse_unknown_user(change.user, "username");
    return users_.remove(account->id, change.transfer_to, any, actor);
  }
  Result<void> make(const ChangeGroup& change, const Principal&) {
    const auto group = find_group(change.group);
    if (!group) return accounts::refuse_unknown_group(change.group, "name");
    return outcome(groups_.change(group->id, {.members = change.members}, any, actor));
  }
  Result<void> make(const CreateGroup& change, const Principal&) {
    return outcome(groups_.create(change.group, change.members, actor));
  }
  Result<void> make(const RemoveGroup& change, const Principal&) {
    const auto group = find_group(change.group);
    if (!group) return accounts::refuse_unknown_group(change.group, "name");
    return groups_.remove(group->id, any, actor);
  }
  std::vector<accounts::Group> all_groups() {
    return database_.read([](db::Session& session) { return accounts::rows::all_groups(session); });
  }
  std::optional<accounts::Group> find_group(const Label& name) {
    return database_.read([&](db::Session& session) { return accounts::rows::find_group(session, name); });
  }

  std::vector<RegistryReference> registries() {
    return database_.read([](db::Session& session) { return rows::all_registries(session); });
  }
  std::vector<RepositoryPath> known(RegistryId registry) {
    return database_.read([&](db::Session& session) { return rows::known_repositories(session, registry); });
  }

  void check_questions(Dice& dice);
  void check_reach(const std::string& name);
  void check_change(Dice& dice);

  db::Database database_{options()};
  ManualClock clock_{from_millis(1'000'000)};
  audit::Recorder recorder_{clock_};
  db::Generation generation_{database_};
  accounts::PasswordHasher hasher_{1};
  accounts::Throttle throttle_{clock_};
  NamespaceBelongings belongings_{recorder_, clock_};
  NamespaceStore namespaces_{database_, recorder_, clock_};
  accounts::UserStore users_{database_, hasher_, recorder_, clock_, belongings_, throttle_};
  accounts::GroupStore groups_{database_, recorder_, clock_};
  AccessStore access_{database_, generation_};
  WhatIfStore what_if_{database_};
  SimulationStore simulation_{database_, clock_};
};

std::vector<std::string> everybody() {
  auto names = user_pool;
  names.insert(names.begin(), {"", "operator"});
  return names;
}

std::optional<UserName> user_or_nobody(const std::string& name) {
  return name.empty() ? std::nullopt : std::optional(UserName::parse(name).value());
}

// One repository and one set of actions, asked in every way.
void WhatIfModelTest::check_questions(Dice& dice) {
  const auto registry = dice.pick(registries());
  const auto path = RepositoryPath::parse(dice.pick(path_pool)).value();
  const auto requested = dice.actions();
  const auto answer =
      what_if_.who({.registry = registry.name.str(), .repository = path.str(), .requested = requested}, std::nullopt);
  std::map<std::optional<UserName>, Decision> granted;
  for (const auto& grantee : answer.value().grantees) granted.emplace(grantee.user, grantee.decision);
  for (const auto& name : everybody()) {
    SCOPED_TRACE("user " + name + ", repository " + path.str() + ", " + requested.str());
    const auto user = user_or_nobody(name);
    const auto explained = access_.explain(
        {.registry = registry.name.str(), .user = user, .repository = path.str(), .requested = requested},
        std::nullopt);
    const auto principal = who(name);
    const auto decision = decide_on(principal, registry.id, path, requested);
    EXPECT_EQ(explained.value().decision.granted, decision.granted);
    EXPECT_EQ(explained.value().decision.rule, decision.rule);
    const auto at = granted.find(user);
    ASSERT_EQ(at != granted.end(), decision.everything_granted());
    if (at == granted.end()) continue;
    EXPECT_EQ(at->second.granted, decision.granted);
    EXPECT_EQ(at->second.rule, decision.rule);
    EXPECT_EQ(at->second.reason, decision.reason);
  }

  const auto pattern = dice.pick(std::vector<std::string>{"*", "a/*", "*x", "a/b/?", "nothing*"});
  const auto many =
      what_if_.who({.registry = registry.name.str(), .repository = pattern, .requested = requested}, std::nullopt);
  const auto paths = known(registry.id);
  std::map<std::optional<UserName>, std::size_t> counted;
  std::map<std::optional<UserName>, std::size_t> expected;
  for (const auto& grantee : many.value().grantees) counted.emplace(grantee.user, grantee.repositories);
  for (const auto& name : everybody()) {
    const auto principal = who(name);
    for (const auto& one : paths) {
      if (!principal || !Pattern::parse(pattern)->matches(one.str())) continue;
      if (decide_on(principal, registry.id, one, requested).everything_granted()) {
        ++expected[user_or_nobody(name)];
      }
    }
  }
  EXPECT_EQ(counted, expected) << pattern;
}

void WhatIfModelTest::check_reach(const std::string& name) {
  SCOPED_TRACE("reach of " + name);
  const ReachQuestion question{.registry = {}, .user = user_or_nobody(name)};
  std::map<std::pair<Label, RepositoryPath>, Decision> reached;
  const auto repositories = what_if_.reach_repositories(question, std::nullopt);
  for (const auto& row : repositories.value()) {
    reached.emplace(std::pair(row.registry, row.repository), row.decision);
  }
  std::map<std::pair<Label, std::optional<NamespaceName>>, Reach> rows;
  const auto namespaces = what_if_.reach(question, std::nullopt);
  for (const auto& row : namespaces.value()) {
    rows.emplace(std::pair(row.registry, row.ns), row);
  }
  const auto principal = who(name);
  const auto namespace_map = access_.namespaces();
  for (const auto& registry : registries()) {
    const auto paths = known(registry.id);
    for (const auto& text : path_pool) {
      const auto path = RepositoryPath::parse(text).value();
      const auto decision = decide_on(principal, registry.id, path, ActionSet::all());
      const auto at = reached.find({registry.name, path});
      const bool is_known = std::find(paths.begin(), paths.end(), path) != paths.end();
      ASSERT_EQ(at != reached.end(), is_known && !decision.abilities.empty()) << text;
      if (at != reached.end()) {
        EXPECT_EQ(at->second.abilities, decision.abilities) << text;
      }

      const auto* covering = namespace_map->find_covering(registry.id, path);
      const bool is_exception =
          covering && std::any_of(covering->claims.begin(), covering->claims.end(), [&](const Claim& claim) {
            return !matches_everything(claim.pattern) && claim.pattern.matches(covering->name.rest_of(path));
          });
      const auto row = rows.find({registry.name, covering ? std::optional(covering->name) : std::nullopt});
      if (!is_exception) {
        EXPECT_EQ(row != rows.end() ? row->second.decision.abilities : Abilities(), decision.abilities) << text;
      }
      if (row == rows.end()) {
        EXPECT_TRUE(decision.abilities.empty()) << text;
      }
    }
    for (const auto& [key, row] : rows) {
      if (key.first != registry.name) continue;
      for (const auto& exception : row.exceptions) {
        const auto decision = decide_on(principal, registry.id, exception.example, ActionSet::all());
        EXPECT_EQ(exception.decision.abilities, decision.abilities) << exception.pattern.str();
        EXPECT_EQ(exception.decision.rule, decision.rule) << exception.pattern.str();
      }
    }
  }
}

// What a row says, but for the names that it is about.
using Difference = std::tuple<std::string, RegistryId, std::optional<NamespaceName>, std::optional<NamespaceName>,
                              std::string, std::string, Rule, Rule>;

struct Decided {
  std::map<std::tuple<std::string, RegistryId, std::string>, Decision> decisions;
  std::map<std::pair<RegistryId, std::string>, std::optional<Namespace>> covering;
};

void WhatIfModelTest::check_change(Dice& dice) {
  std::vector<Proposal> changes;
  for (auto left = 1 + dice.below(3); left > 0; --left) changes.push_back(random_proposal(dice));
  const auto decide_all = [&] {
    Decided decided;
    const auto all = registries();
    const auto namespace_map = access_.namespaces();
    for (const auto& registry : all) {
      for (const auto& text : path_pool) {
        const auto* ns = namespace_map->find_covering(registry.id, RepositoryPath::parse(text).value());
        decided.covering.emplace(std::pair(registry.id, text), ns ? std::optional(*ns) : std::nullopt);
      }
    }
    for (const auto& name : everybody()) {
      const auto principal = who(name);
      for (const auto& registry : all) {
        for (const auto& text : path_pool) {
          const auto path = RepositoryPath::parse(text).value();
          decided.decisions.emplace(std::tuple(name, registry.id, text),
                                    decide_on(principal, registry.id, path, ActionSet::all()));
        }
      }
    }
    return decided;
  };
  const auto before = decide_all();
  const auto events = [&] {
    return database_.read(
        [](db::Session& session) { return session.single<std::int64_t>("SELECT count(*) FROM activity"); });
  };
  const auto events_before = events();
  const auto answer = simulation_.simulate(changes, std::chrono::days(7), proposer());
  ASSERT_EQ(events(), events_before);

  for (std::size_t i = 0; i < changes.size(); ++i) {
    const auto made = make(changes[i]);
    if (made) continue;
    ASSERT_FALSE(answer) << "really refused: " << made.error().text;
    EXPECT_EQ(answer.error().kind, made.error().kind);
    EXPECT_EQ(answer.error().text, made.error().text);
    const auto within = fmt::format("changes[{}]", i);
    EXPECT_EQ(answer.error().field, made.error().field.empty()
                                        ? within
                                        : fmt::format("{}.{}.{}", within, render_kind(changes[i]), made.error().field));
    return;
  }
  ASSERT_TRUE(answer) << answer.error().field << ": " << answer.error().text;

  const auto after = decide_all();
  const auto& simulation = answer->simulation;
  std::map<Difference, std::vector<std::string>> told;
  std::set<Difference> told_of_others;
  for (const auto& row : simulation.rows) {
    const auto& effect = simulation.effects[row.effect];
    const auto name = row.person == Crowd::anonymous ? "" : answer->before.accounts[row.person - 1].username.str();
    const Difference difference{name,
                                effect.registry,
                                effect.before,
                                effect.after,
                                effect.gains.str(),
                                effect.loses.str(),
                                effect.rule_before,
                                effect.rule_after};
    if (effect.other_names) told_of_others.insert(difference);
    if (effect.repositories == 0) continue;
    std::vector<std::string> names;
    for (const auto& path : effect.sample) names.push_back(path.str());
    names.push_back(fmt::format("{}", effect.repositories));
    ASSERT_TRUE(told.emplace(difference, names).second);
  }
  std::map<RegistryId, std::vector<RepositoryPath>> known_of;
  for (const auto& registry : registries()) known_of.emplace(registry.id, known(registry.id));
  std::map<Difference, std::vector<std::string>> real;
  const auto is_exception = [](const std::optional<Namespace>& ns, const std::string& text) {
    const auto path = RepositoryPath::parse(text).value();
    return ns && std::any_of(ns->claims.begin(), ns->claims.end(), [&](const Claim& claim) {
             return !matches_everything(claim.pattern) && claim.pattern.matches(ns->name.rest_of(path));
           });
  };
  for (const auto& [key, was] : before.decisions) {
    const auto& [name, registry, text] = key;
    const auto& is = after.decisions.at(key);
    const auto could = asked_alone(was);
    const auto can = asked_alone(is);
    const auto& ns_before = before.covering.at({registry, text});
    const auto& ns_after = after.covering.at({registry, text});
    const auto name_of = [](const std::optional<Namespace>& ns) { return ns ? std::optional(ns->name) : std::nullopt; };
    const Difference difference{
        name,     registry, name_of(ns_before), name_of(ns_after), (can - could).str(), (could - can).str(),
        was.rule, is.rule};
    if (could == can) continue;
    const auto& paths = known_of.at(registry);
    if (std::find(paths.begin(), paths.end(), RepositoryPath::parse(text).value()) != paths.end()) {
      real[difference].push_back(text);
    }
    if (!is_exception(ns_before, text) && !is_exception(ns_after, text)) {
      EXPECT_TRUE(told_of_others.contains(difference)) << name << " " << text;
    }
  }
  for (auto& [difference, names] : real) {
    std::sort(names.begin(), names.end());
    const auto count = names.size();
    names.resize(std::min<std::size_t>(count, 5));
    names.push_back(fmt::format("{}", count));
  }
  EXPECT_EQ(told, real);
}

TEST_P(WhatIfModelTest, AllWaysOfAskingAgree) {
  for (unsigned seed = 1; seed <= worlds() && !HasFailure(); ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    Dice dice(seed);
    build(dice);
    for (int i = 0; i < 2; ++i) check_questions(dice);
    check_reach(dice.pick(everybody()));
    for (int i = 0; i < 2; ++i) check_change(dice);
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, WhatIfModelTest, db::every_engine(), db::engine_name);

}  // namespace
}  // namespace spectacles::access
