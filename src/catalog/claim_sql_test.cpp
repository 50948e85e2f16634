#include "catalog/claim_sql.h"

#include <gtest/gtest.h>

#include "support/catalog_world.h"

namespace spectacles::catalog {
namespace {

using namespace std::chrono_literals;

class ClaimTest : public db::OnEveryEngine {
 protected:
  SyncState state() {
    return world_.database.read(
        [&](db::Session& session) { return load_sync_state(session, registry_.id, world_.clock.now()); });
  }

  World world_{options()};
  registries::Registry registry_ = world_.add_registry("main", "http://localhost:1");
};

TEST_P(ClaimTest, OneAtATime) {
  EXPECT_EQ(state().outcome, SyncOutcome::never);
  const auto mine = world_.claim(registry_);
  ASSERT_TRUE(mine);
  EXPECT_EQ(state().outcome, SyncOutcome::running);
  EXPECT_FALSE(world_.claim(registry_, "other"));
  EXPECT_FALSE(world_.claim(registry_)) << "not even by the same process";
}

TEST_P(ClaimTest, PassesOverWhenTheHolderDies) {
  const auto mine = world_.claim(registry_);
  world_.clock.advance(World::claim_lasts + 1ms);
  EXPECT_TRUE(state().is_abandoned);
  ASSERT_TRUE(world_.claim(registry_, "other"));
  world_.database.write([&](db::Session& session) {
    EXPECT_FALSE(renew_claim(session, *mine, world_.clock.now() + 1h, {}));
    finish_claim(session, *mine, SyncOutcome::complete, "", world_.clock.now());
  });
  EXPECT_EQ(state().outcome, SyncOutcome::running) << "who lost the claim ends nothing";
}

TEST_P(ClaimTest, EndOfAPassIsKept) {
  world_.database.write([&](db::Session& s) {
    finish_claim(s, Claim{registry_.id, "me", {}}, SyncOutcome::failed, "nobody holds it", world_.clock.now());
  });
  EXPECT_EQ(state().outcome, SyncOutcome::never);
  auto held = world_.claim(registry_);
  const Time first = world_.clock.now();
  world_.database.write([&](db::Session& s) { finish_claim(s, *held, SyncOutcome::complete, "", first); });
  EXPECT_EQ(state(), (SyncState{SyncOutcome::complete, first, first, first, std::nullopt}));
  world_.clock.advance(1min);
  held = world_.claim(registry_);
  const Time second = world_.clock.now();
  world_.database.write([&](db::Session& s) { finish_claim(s, *held, SyncOutcome::partial, "half", second); });
  EXPECT_EQ(state(), (SyncState{SyncOutcome::partial, second, second, first, "half"}));
}

TEST_P(ClaimTest, AbandonedPassCountsAsNotBegun) {
  auto held = world_.claim(registry_);
  world_.database.write([&](db::Session& s) { abandon_claim(s, *held); });
  EXPECT_EQ(state(), SyncState{});
  EXPECT_TRUE(world_.claim(registry_, "other"));
}

TEST_P(ClaimTest, SaysHowFarThePassIs) {
  const auto held = world_.claim(registry_).value();
  EXPECT_EQ(state().progress, (SyncProgress{.phase = "catalog"}));
  const SyncProgress progress{"repositories", 10, 3, 40, 7};
  world_.database.write(
      [&](db::Session& s) { EXPECT_TRUE(renew_claim(s, held, world_.clock.now() + World::claim_lasts, progress)); });
  EXPECT_EQ(state().progress, progress);
  world_.database.write([&](db::Session& s) { finish_claim(s, held, SyncOutcome::complete, "", world_.clock.now()); });
  EXPECT_EQ(state().progress, std::nullopt);
}

TEST_P(ClaimTest, AskedForIsDueAtOnce) {
  const auto ask = [&](bool confirm) {
    return world_.database.write(
        [&](db::Session& s) { return request_pass(s, registry_.id, world_.clock.now(), confirm); });
  };
  const auto claim = [&] {
    const ClaimTerms terms{"me", world_.clock.now(), World::claim_lasts, world_.clock.now() - 1h};
    return world_.database.write([&](db::Session& s) { return try_claim(s, registry_.id, terms); });
  };
  ASSERT_TRUE(claim());
  EXPECT_TRUE(ask(false)) << "also while a pass runs";
  EXPECT_FALSE(claim());
  world_.database.write([&](db::Session& s) {
    finish_claim(s, {registry_.id, "me", {}}, SyncOutcome::complete, "", world_.clock.now());
  });
  EXPECT_EQ(state().requested_at, world_.clock.now());
  const auto asked_for = claim();
  ASSERT_TRUE(asked_for);
  EXPECT_EQ(state().requested_at, std::nullopt);
  world_.database.write(
      [&](db::Session& s) { finish_claim(s, *asked_for, SyncOutcome::complete, "", world_.clock.now()); });
  EXPECT_FALSE(claim()) << "one pass for one request";
  EXPECT_FALSE(ask(true)) << "nothing waits to be confirmed";
}

INSTANTIATE_TEST_SUITE_P(Engines, ClaimTest, db::every_engine(), db::engine_name);

}  // namespace
}  // namespace spectacles::catalog
