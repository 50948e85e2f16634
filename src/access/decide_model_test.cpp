// Every combination of a small world, against the rules written down a second time in another way.
#include <gtest/gtest.h>

#include <array>

#include "access/decide.h"
#include "access/world_test.h"

namespace spectacles::access {
namespace {

using Levels = std::set<Level>;

// A custom right on patterns whose meaning for "app" is known without matching anything: how specific each is, or 0 for
// one that does not match.
struct ModelClaim {
  std::string pattern;
  Level level;

  int rank() const {
    static const std::map<std::string, int> ranks{{"app", 4}, {"a?p", 3}, {"?pp", 3}, {"a*p", 2}, {"*", 1}};
    const auto at = ranks.find(pattern);
    return at == ranks.end() ? 0 : at->second;
  }
};

using ModelClaims = std::vector<ModelClaim>;

enum class Who { anonymous, user, owner, admin };

struct Situation {
  Who who;
  ModelClaims of_user;
  ModelClaims of_builders;
  ModelClaims of_testers;
  std::optional<Level> as_member;  // nothing: not a member
  std::optional<Level> as_group;   // nothing: no group of the user is assigned
  Level other;
  Level anonymous;
};

std::optional<Level> most_specific(const ModelClaims& claims) {
  std::optional<Level> level;
  int best = 0;
  for (const auto& claim : claims) {
    if (claim.rank() == 0 || claim.rank() < best) continue;
    level = claim.rank() == best ? std::min(*level, claim.level) : claim.level;
    best = claim.rank();
  }
  return level;
}

struct Answer {
  Rule rule;
  Levels levels;
};

// The rules of the namespace in order; nothing when none applies.
std::optional<Answer> first_that_applies(const Situation& s) {
  if (s.who == Who::admin) return Answer{Rule::admin, {Level::full}};
  if (s.who == Who::owner) return Answer{Rule::owner, {Level::full}};
  if (s.who == Who::anonymous) return std::nullopt;
  if (const auto level = most_specific(s.of_user)) return Answer{Rule::user_claim, {*level}};
  if (s.as_member) return Answer{Rule::member, {*s.as_member}};
  Levels of_groups;
  for (const auto& claims : {s.of_builders, s.of_testers}) {
    if (const auto level = most_specific(claims)) of_groups.insert(*level);
  }
  if (!of_groups.empty()) return Answer{Rule::group_claim, of_groups};
  if (s.as_group) return Answer{Rule::group, {*s.as_group}};
  return Answer{Rule::other, {s.other}};
}

bool allows(const Levels& levels, Action action, ActionSet requested) {
  const bool write = levels.contains(Level::write);
  if (levels.contains(Level::full)) return true;
  if (action == Action::pull) return levels.contains(Level::read) || (write && requested.has(Action::push));
  return action == Action::push && write;
}

ActionSet grant(const Levels& levels, ActionSet requested) {
  ActionSet granted;
  for (const Action action : {Action::pull, Action::push, Action::del}) {
    if (requested.has(action) && allows(levels, action, requested)) granted.add(action);
  }
  return granted;
}

struct Expected {
  Rule rule;
  ActionSet granted;
  std::vector<Rule> passed_over;
};

Expected expect(const Situation& s, ActionSet requested) {
  const auto own = first_that_applies(s);
  auto all = own ? own->levels : Levels{};
  all.insert(s.anonymous);
  const auto granted = grant(all, requested);

  Rule rule = Rule::anonymous;
  if (own && grant(own->levels, requested) == granted) rule = own->rule;
  if (!own && s.anonymous == Level::none) rule = Rule::none;

  // Those before the rule of the namespace's own, then that one if something open to all decided instead of it.
  Expected expected{rule, granted, {}};
  for (const Rule before :
       {Rule::admin, Rule::owner, Rule::user_claim, Rule::member, Rule::group_claim, Rule::group, Rule::other}) {
    if (own && before == own->rule) break;
    expected.passed_over.push_back(before);
  }
  if (own && rule == Rule::anonymous) expected.passed_over.push_back(own->rule);
  if (rule == Rule::none) expected.passed_over.push_back(Rule::anonymous);
  return expected;
}

Namespace build(const Situation& s) {
  auto ns = sample_namespace("team", s.who == Who::owner ? alice : someone_else);
  const auto add = [&](std::variant<AccountId, GroupId> holder, const ModelClaims& claims) {
    for (const auto& claim : claims) ns.claims.push_back(claim_of(holder, claim.pattern, claim.level));
  };
  add(alice, s.of_user);
  add(builders, s.of_builders);
  add(testers, s.of_testers);
  add(someone_else, {{"app", Level::full}});
  add(GroupId(12), {{"app", Level::full}});
  ns.members = {someone_else};
  ns.groups = {GroupId(12)};
  if (s.as_member) ns.members.insert(alice);
  if (s.as_group) ns.groups.insert(testers);
  ns.member_access = s.as_member.value_or(Level::full);
  ns.group_access = s.as_group.value_or(Level::full);
  ns.other_access = s.other;
  ns.anonymous_access = s.anonymous;
  return ns;
}

Subject subject_of(Who who) {
  if (who == Who::anonymous) return {};
  return {.account = alice, .administrator = who == Who::admin, .groups = {builders, testers}};
}

std::vector<ActionSet> all_action_sets() {
  std::vector<ActionSet> sets{{}};
  for (const Action action : {Action::pull, Action::push, Action::del}) {
    const auto without = sets;
    for (const auto& set : without) sets.push_back(set | ActionSet{action});
  }
  return sets;
}

std::string describe(const Situation& s, ActionSet requested) {
  std::string text = "who " + std::to_string(static_cast<int>(s.who));
  const auto add = [&](const std::string& label, const ModelClaims& claims) {
    for (const auto& claim : claims)
      text += ", " + label + claim.pattern + "=" + std::string(render_level(claim.level));
  };
  add("user ", s.of_user);
  add("builders ", s.of_builders);
  add("testers ", s.of_testers);
  if (s.as_member) text += ", member " + std::string(render_level(*s.as_member));
  if (s.as_group) text += ", group " + std::string(render_level(*s.as_group));
  return text + ", other " + std::string(render_level(s.other)) + ", anonymous " +
         std::string(render_level(s.anonymous)) + ", asks for " + requested.str();
}

// One situation and all that can be asked in it. Says whether all is as expected, and reports what is not.
bool holds(const Situation& s, const RepositoryPath& path) {
  static const auto requests = all_action_sets();
  const auto ns = build(s);
  const auto subject = subject_of(s.who);
  for (const auto requested : requests) {
    const auto expected = expect(s, requested);
    const auto decision = decide(subject, &ns, path, requested);
    bool same = decision.rule == expected.rule && decision.granted == expected.granted && !decision.reason.empty() &&
                decision.passed_over.size() == expected.passed_over.size();
    for (std::size_t i = 0; same && i < expected.passed_over.size(); ++i) {
      same = decision.passed_over[i].rule == expected.passed_over[i];
    }
    if (same) continue;
    ADD_FAILURE() << describe(s, requested) << ": expected " << render_rule(expected.rule) << " \""
                  << expected.granted.str() << "\", got " << render_rule(decision.rule) << " \""
                  << decision.granted.str() << "\"";
    return false;
  }
  return true;
}

constexpr std::array levels{Level::none, Level::read, Level::write, Level::full};

std::vector<ModelClaims> user_claims() {
  std::vector<ModelClaims> sets{{}};
  for (const Level level : levels) sets.push_back({{"*", level}});
  sets.push_back({{"tools-*", Level::full}});
  sets.push_back({{"app", Level::none}, {"*", Level::full}});
  sets.push_back({{"a?p", Level::read}, {"?pp", Level::write}});
  sets.push_back({{"?pp", Level::none}, {"a?p", Level::full}, {"a*p", Level::read}});
  sets.push_back({{"a*p", Level::none}, {"a?p", Level::write}});
  return sets;
}

std::vector<ModelClaims> builders_claims() {
  std::vector<ModelClaims> sets{{}};
  for (const Level level : levels) sets.push_back({{"a*p", level}});
  sets.push_back({{"tools-*", Level::full}});
  sets.push_back({{"*", Level::full}, {"app", Level::none}});
  return sets;
}

const std::vector<std::optional<Level>> member_rights{std::nullopt, Level::none, Level::read, Level::write};
const std::vector<std::optional<Level>> group_rights{std::nullopt, Level::none, Level::write};

class DecideModel : public testing::TestWithParam<Who> {};

TEST_P(DecideModel, AgreesInEverySituation) {
  const std::vector<ModelClaims> testers_claims{{}, {{"*", Level::none}}, {{"*", Level::read}}};
  const auto path = path_of("team/app");
  int situations = 0;
  for (const auto& of_user : user_claims()) {
    for (const auto& of_builders : builders_claims()) {
      for (const auto& of_testers : testers_claims) {
        for (const auto& as_member : member_rights) {
          for (const auto& as_group : group_rights) {
            for (const Level other : levels) {
              for (const Level anonymous : {Level::none, Level::read}) {
                const Situation s{GetParam(), of_user, of_builders, of_testers, as_member, as_group, other, anonymous};
                ASSERT_TRUE(holds(s, path));
                ++situations;
              }
            }
          }
        }
      }
    }
  }
  EXPECT_EQ(situations, 10 * 7 * 3 * 4 * 3 * 4 * 2);
}

INSTANTIATE_TEST_SUITE_P(Everybody, DecideModel, testing::Values(Who::anonymous, Who::user, Who::owner, Who::admin));

}  // namespace
}  // namespace spectacles::access
