#include "access/pause.h"

#include <gtest/gtest.h>

#include "access/world_test.h"

namespace spectacles::access {
namespace {

const ActionSet pull{Action::pull};
const ActionSet push{Action::push, Action::pull};
const Pause pause{.since = from_millis(0), .until = from_millis(1000), .by = "admin", .reason = "nightly"};

Decision paused(Level level, ActionSet requested) {
  auto ns = sample_namespace("team");
  ns.other_access = level;
  return apply_pause(
      decide({.account = alice, .administrator = false, .groups = {}}, &ns, path_of("team/app"), requested), pause);
}

TEST(Pause, TakesPushAndDelete) {
  const auto decision = paused(Level::full, ActionSet::all());
  EXPECT_EQ(decision.granted, pull);
  EXPECT_EQ(decision.rule, Rule::maintenance);
  EXPECT_EQ(decision.reason,
            "the registry has been paused for garbage collection since 1970-01-01T00:00:00Z by admin: nightly");
  EXPECT_EQ(decision.passed_over.back().rule, Rule::other);
  EXPECT_EQ(decision.abilities, Abilities(Level::read));
}

TEST(Pause, WriteAlonePullsNothingThen) {
  EXPECT_EQ(paused(Level::write, push).granted, ActionSet());
  EXPECT_EQ(paused(Level::write, push).rule, Rule::maintenance);
}

TEST(Pause, ChangesNoDecisionThatItTakesNothingFrom) {
  EXPECT_EQ(paused(Level::full, pull).rule, Rule::other);
  EXPECT_EQ(paused(Level::full, pull).granted, pull);
  EXPECT_EQ(paused(Level::none, ActionSet::all()).rule, Rule::other);
  EXPECT_EQ(paused(Level::read, push).rule, Rule::other);
}

TEST(Pause, HoldsForAdministratorsToo) {
  const Subject admin{.account = alice, .administrator = true, .groups = {}};
  EXPECT_EQ(apply_pause(decide(admin, nullptr, path_of("x"), push), pause).granted, pull);
  EXPECT_EQ(apply_pause(decide(admin, nullptr, path_of("x"), push), std::nullopt).granted, push);
}

}  // namespace
}  // namespace spectacles::access
