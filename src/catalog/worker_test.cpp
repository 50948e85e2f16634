#include "catalog/worker.h"

#include <gtest/gtest.h>

#include "support/catalog_world.h"

namespace spectacles::catalog {
namespace {

using namespace std::chrono_literals;

bool eventually(const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + 10s;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(20ms);
  }
  return true;
}

class WorkerTest : public testing::Test {
 protected:
  std::unique_ptr<SyncWorker> make_worker(std::chrono::seconds interval = 3600s) {
    WorkerOptions options;
    options.interval = interval;
    options.poll = 50ms;
    return std::make_unique<SyncWorker>(store_, world_.tokens(), std::nullopt, options);
  }

  SyncState state(const registries::Registry& registry) {
    return world_.database.read(
        [&](db::Session& session) { return load_sync_state(session, registry.id, clock_.now()); });
  }

  SystemClock clock_;
  World world_;
  SyncStore store_{world_.database, world_.recorder, clock_};
  FakeRegistry fake_{{{"a", {{"x", '1'}}}}};
};

TEST_F(WorkerTest, PassesByItselfAndWhenAsked) {
  const auto registry = world_.add_registry("main", fake_.url());
  auto worker = make_worker();
  worker->start();
  EXPECT_TRUE(eventually([&] { return state(registry).outcome == SyncOutcome::complete; }));
  EXPECT_EQ(world_.content(registry), "a:x=1");
  fake_.set({{"a", {{"x", '2'}}}});
  ASSERT_TRUE(store_.request(audit::Actor::command_line(), registry.id, false));
  worker->wake();
  EXPECT_TRUE(eventually([&] { return world_.content(registry) == "a:x=2"; }));
}

TEST_F(WorkerTest, PassesAgainAfterTheInterval) {
  const auto registry = world_.add_registry("main", fake_.url());
  auto worker = make_worker(1s);
  worker->start();
  EXPECT_TRUE(eventually([&] { return world_.content(registry) == "a:x=1"; }));
  fake_.set({});
  EXPECT_TRUE(eventually([&] { return world_.content(registry).empty(); }));
}

TEST_F(WorkerTest, OneThatHangsKeepsNoOtherWaiting) {
  support::ScriptedServer hanging([](const auto&) { return support::ScriptedAnswer{"x", 60s}; });
  const auto first = world_.add_registry("a hanging one", hanging.url());
  const auto second = world_.add_registry("main", fake_.url());
  auto worker = make_worker();
  worker->start();
  EXPECT_TRUE(eventually([&] { return state(second).outcome == SyncOutcome::complete; }));
  EXPECT_EQ(state(first).outcome, SyncOutcome::running);
  const auto begin = std::chrono::steady_clock::now();
  worker->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 3s);
  EXPECT_EQ(state(first).outcome, SyncOutcome::never) << "a pass that is interrupted counts as not begun";
}

TEST_F(WorkerTest, TwoWorkersShareTheWork) {
  const auto registry = world_.add_registry("main", fake_.url());
  auto one = make_worker();
  auto two = make_worker();
  one->start();
  two->start();
  EXPECT_TRUE(eventually([&] { return state(registry).outcome == SyncOutcome::complete; }));
  std::this_thread::sleep_for(300ms);
  EXPECT_EQ(fake_.requests().size(), 4U) << "one pass: catalog, tags, manifest, configuration";
}

TEST_F(WorkerTest, FaultInAPassIsItsOutcome) {
  const auto registry = world_.add_registry("main", fake_.url());
  const auto no_tokens = [](const auto&, const auto&, bool) -> Secret { throw std::runtime_error("no key"); };
  WorkerOptions options;
  options.poll = 50ms;
  SyncWorker worker(store_, no_tokens, std::nullopt, options);
  worker.start();
  EXPECT_TRUE(eventually([&] { return state(registry).outcome == SyncOutcome::failed; }));
}

}  // namespace
}  // namespace spectacles::catalog
