#include "access/decide.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/world_test.h"

namespace spectacles::access {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr ActionSet pull{Action::pull};
constexpr ActionSet push{Action::push};
constexpr ActionSet both = pull | push;

const Subject nobody{};
const Subject user{.account = alice, .administrator = false, .groups = {}};
const Subject builder{.account = alice, .administrator = false, .groups = {builders}};
const Subject builder_and_tester{.account = alice, .administrator = false, .groups = {builders, testers}};

Decision ask(const Subject& subject, const Namespace& ns, ActionSet requested = ActionSet::all(),
             const std::string& path = "team/app") {
  return decide(subject, &ns, path_of(path), requested);
}

std::vector<Rule> passed_over(const Decision& decision) {
  std::vector<Rule> rules;
  for (const auto& finding : decision.passed_over) rules.push_back(finding.rule);
  return rules;
}

TEST(Decide, AdministratorsMayEverything) {
  auto ns = sample_namespace("team");
  ns.claims = {claim_of(alice, "*", Level::none)};
  const auto decision = ask({.account = alice, .administrator = true, .groups = {}}, ns);
  EXPECT_EQ(decision.rule, Rule::admin);
  EXPECT_TRUE(decision.everything_granted());
  EXPECT_TRUE(decision.abilities.everything());
  EXPECT_TRUE(decision.passed_over.empty());
}

TEST(Decide, OwnersMayEverything) {
  auto ns = sample_namespace("team", alice);
  ns.claims = {claim_of(alice, "*", Level::none)};
  const auto decision = ask(user, ns);
  EXPECT_EQ(decision.rule, Rule::owner);
  EXPECT_EQ(decision.granted, ActionSet::all());
  EXPECT_THAT(decision.reason, HasSubstr("team"));
  EXPECT_THAT(decision.passed_over, ElementsAre(Finding{Rule::admin, "not an administrator"}));
}

TEST(Decide, CustomRightOfTheUserComesBeforeMembership) {
  auto ns = sample_namespace("team");
  ns.members = {alice};
  ns.member_access = Level::full;
  ns.claims = {claim_of(someone_else, "*", Level::full), claim_of(alice, "tools-*", Level::none),
               claim_of(alice, "app", Level::read)};
  const auto decision = ask(user, ns);
  EXPECT_EQ(decision.rule, Rule::user_claim);
  EXPECT_EQ(decision.granted, pull);
  EXPECT_FALSE(decision.everything_granted());
  EXPECT_EQ(decision.reason, "the custom right \"app\" of user alice says READ");
  EXPECT_THAT(passed_over(decision), ElementsAre(Rule::admin, Rule::owner));
}

TEST(Decide, NoneDecidesToo) {
  auto ns = sample_namespace("team");
  ns.claims = {claim_of(alice, "*", Level::none)};
  ns.members = {alice};
  ns.member_access = Level::full;
  ns.other_access = Level::full;
  EXPECT_EQ(ask(user, ns).granted, ActionSet());
  EXPECT_EQ(ask(user, ns).rule, Rule::user_claim);

  ns.claims.clear();
  ns.member_access = Level::none;
  EXPECT_EQ(ask(user, ns).granted, ActionSet());
  EXPECT_EQ(ask(user, ns).rule, Rule::member) << "the right of others is not reached";
}

TEST(Decide, MembersComeBeforeGroups) {
  auto ns = sample_namespace("team");
  ns.members = {alice};
  ns.member_access = Level::read;
  ns.claims = {claim_of(builders, "*", Level::full)};
  ns.groups = {builders};
  ns.group_access = Level::full;
  const auto decision = ask(builder, ns);
  EXPECT_EQ(decision.rule, Rule::member);
  EXPECT_EQ(decision.granted, pull);
  EXPECT_EQ(decision.reason, "the namespace team gives READ to its members");
  EXPECT_THAT(passed_over(decision), ElementsAre(Rule::admin, Rule::owner, Rule::user_claim));
}

TEST(Decide, GroupsGiveTheUnionOfTheirMostSpecificCustomRights) {
  auto ns = sample_namespace("team");
  ns.claims = {claim_of(builders, "*", Level::full), claim_of(builders, "app", Level::read),
               claim_of(testers, "*", Level::write)};
  const auto decision = ask(builder_and_tester, ns);
  EXPECT_EQ(decision.rule, Rule::group_claim);
  EXPECT_EQ(decision.granted, both);
  EXPECT_EQ(decision.abilities.str(), "READ+WRITE");
  EXPECT_THAT(decision.reason, HasSubstr("; "));
  EXPECT_THAT(passed_over(decision), ElementsAre(Rule::admin, Rule::owner, Rule::user_claim, Rule::member));
}

TEST(Decide, NoneOfAGroupCountsOnlyIfNoOtherGroupGrants) {
  auto ns = sample_namespace("team");
  ns.groups = {builders};
  ns.group_access = Level::full;
  ns.claims = {claim_of(builders, "*", Level::none)};
  EXPECT_EQ(ask(builder, ns).granted, ActionSet());
  EXPECT_EQ(ask(builder, ns).rule, Rule::group_claim);
  ns.claims.push_back(claim_of(testers, "*", Level::read));
  EXPECT_EQ(ask(builder_and_tester, ns).granted, pull);
}

TEST(Decide, AssignedGroupsThenOthers) {
  auto ns = sample_namespace("team");
  ns.groups = {builders};
  ns.group_access = Level::write;
  ns.other_access = Level::read;
  const auto of_group = ask(builder, ns, both);
  EXPECT_EQ(of_group.rule, Rule::group);
  EXPECT_EQ(of_group.granted, both);
  const auto of_other = ask(user, ns, both);
  EXPECT_EQ(of_other.rule, Rule::other);
  EXPECT_EQ(of_other.granted, pull);
  EXPECT_THAT(passed_over(of_other),
              ElementsAre(Rule::admin, Rule::owner, Rule::user_claim, Rule::member, Rule::group_claim, Rule::group));
}

TEST(Decide, NobodySignedInGetsWhatIsOpenToAll) {
  auto ns = sample_namespace("team");
  ns.other_access = Level::full;
  const auto closed = ask(nobody, ns);
  EXPECT_EQ(closed.rule, Rule::none);
  EXPECT_EQ(closed.granted, ActionSet());
  EXPECT_EQ(closed.passed_over.back().rule, Rule::anonymous);

  ns.anonymous_access = Level::read;
  const auto open = ask(nobody, ns);
  EXPECT_EQ(open.rule, Rule::anonymous);
  EXPECT_EQ(open.granted, pull);
  EXPECT_EQ(open.passed_over.back(), (Finding{Rule::other, "nobody is signed in"}));
}

TEST(Decide, NoneCannotTakeAwayWhatEverybodyHas) {
  auto ns = sample_namespace("team");
  ns.anonymous_access = Level::read;
  ns.claims = {claim_of(alice, "*", Level::none)};
  const auto decision = ask(user, ns);
  EXPECT_EQ(decision.rule, Rule::anonymous);
  EXPECT_EQ(decision.granted, pull);
  EXPECT_EQ(decision.passed_over.back().rule, Rule::user_claim) << "what it says is shown all the same";

  ns.claims = {claim_of(alice, "*", Level::write)};
  EXPECT_EQ(ask(user, ns, pull).granted, pull);
  EXPECT_EQ(ask(user, ns, pull).rule, Rule::anonymous);
  EXPECT_EQ(ask(user, ns, both).rule, Rule::user_claim) << "WRITE alone grants all of it";
  EXPECT_EQ(ask(user, ns, both).abilities.str(), "READ+WRITE");
}

TEST(Decide, SaysWhyWriteDoesNotPull) {
  auto ns = sample_namespace("team");
  ns.other_access = Level::write;
  EXPECT_THAT(ask(user, ns, pull).reason, HasSubstr("WRITE pulls only what the same request also pushes"));
  EXPECT_EQ(ask(user, ns, both).reason, "the namespace team gives WRITE to its other users");
  ns.other_access = Level::none;
  EXPECT_EQ(ask(user, ns, pull).reason, "the namespace team gives NONE to its other users");
}

TEST(Decide, WhatNothingCovers) {
  const auto path = path_of("loose/app");
  const auto refused = decide(user, nullptr, path, ActionSet::all());
  EXPECT_EQ(refused.rule, Rule::none);
  EXPECT_EQ(refused.granted, ActionSet());
  EXPECT_EQ(refused.reason, "no namespace covers loose/app");
  EXPECT_EQ(decide(nobody, nullptr, path, pull).granted, ActionSet());
  const auto granted = decide({.account = alice, .administrator = true, .groups = {}}, nullptr, path, ActionSet::all());
  EXPECT_EQ(granted.rule, Rule::admin);
  EXPECT_EQ(granted.granted, ActionSet::all());
}

TEST(Decide, GrantsNothingWhereNothingIsRequested) {
  const auto ns = sample_namespace("team", alice);
  const auto decision = ask(user, ns, {});
  EXPECT_EQ(decision.granted, ActionSet());
  EXPECT_FALSE(decision.everything_granted());
}

TEST(Decide, PatternsAreRelativeToTheNamespace) {
  auto ns = sample_namespace("team");
  ns.claims = {claim_of(alice, "tools-*", Level::read)};
  EXPECT_EQ(ask(user, ns, pull, "team/tools-x").granted, pull);
  EXPECT_EQ(ask(user, ns, pull, "team/tools-x/deep/er").granted, pull) << "* crosses /";
  EXPECT_EQ(ask(user, ns, pull, "team/a/tools-x").granted, ActionSet());
  EXPECT_EQ(ask(user, ns, pull, "team/tools").granted, ActionSet());
  ns.claims = {claim_of(alice, "team/*", Level::read)};
  EXPECT_EQ(ask(user, ns, pull, "team/app").granted, ActionSet());
  auto root = sample_namespace("/");
  root.claims = {claim_of(alice, "app", Level::read)};
  EXPECT_EQ(ask(user, root, pull, "app").granted, pull);
}

// One of two custom rights of a user decides, in whichever order they are stored.
void expect_decides(const Claim& winner, const Claim& loser) {
  for (const auto& claims : {std::vector{winner, loser}, std::vector{loser, winner}}) {
    auto ns = sample_namespace("team");
    ns.claims = claims;
    EXPECT_EQ(ask(user, ns).abilities, Abilities(winner.level)) << winner.pattern.str() << " > " << loser.pattern.str();
  }
}

TEST(Decide, MoreSpecificPatternsDecide) {
  expect_decides(claim_of(alice, "app", Level::none), claim_of(alice, "*", Level::full));
  expect_decides(claim_of(alice, "app*", Level::full), claim_of(alice, "a?p", Level::none));
  expect_decides(claim_of(alice, "a?p", Level::full), claim_of(alice, "a*p", Level::none));
  expect_decides(claim_of(alice, "a*", Level::full), claim_of(alice, "*a*", Level::none));
  expect_decides(claim_of(alice, "?pp", Level::read), claim_of(alice, "ap?", Level::write));
  expect_decides(claim_of(alice, "?pp", Level::none), claim_of(alice, "a?p", Level::read));
  expect_decides(claim_of(alice, "ap?", Level::write), claim_of(alice, "?pp", Level::full));
}

}  // namespace
}  // namespace spectacles::access
