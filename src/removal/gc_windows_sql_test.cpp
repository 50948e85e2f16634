#include "removal/gc_windows_sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/pauses_sql.h"
#include "support/removal_world.h"

namespace spectacles::removal {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

const audit::Actor admin{.id = {}, .name = "admin", .address = ""};

class GcWindowsTest : public StoreTest {
 protected:
  Result<GcWindow> open(GcWindows& windows, const std::string& holder = "me") {
    return windows.open({.registry = registry_.id,
                         .registry_name = registry_.name,
                         .holder = holder,
                         .lasts = 60s,
                         .reason = "nightly"},
                        admin);
  }
  bool close(const std::optional<std::string>& holder) {
    return windows_.close(registry_.id, registry_.name, holder, admin);
  }
  std::optional<access::Pause> pause() {
    return database_.read(
        [&](db::Session& session) { return access::find_pause(session, registry_.id, clock_.now()); });
  }

  GcWindows windows_{database_, recorder_, clock_};
  GcWindows of_another_process_{database_, recorder_, clock_};
};

TEST_P(GcWindowsTest, PausesUntilItIsClosed) {
  EXPECT_FALSE(pause());
  const auto window = open(windows_).value();
  EXPECT_EQ(pause(), window.pause);
  EXPECT_EQ(window.pause.by, "admin");
  EXPECT_FALSE(window.writes_until);
  const auto second = open(of_another_process_, "you");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, RefusalKind::conflict);
  EXPECT_FALSE(close("you"));
  EXPECT_TRUE(close("me"));
  EXPECT_FALSE(close(std::nullopt));
  EXPECT_FALSE(pause());
  EXPECT_THAT(events(), ElementsAre("gc_window.opened main", "gc_window.closed main"));
}

TEST_P(GcWindowsTest, LastsAsLongAsItIsRenewed) {
  ASSERT_TRUE(open(windows_));
  clock_.advance(59s);
  EXPECT_TRUE(windows_.renew(registry_.id, "me", 60s));
  EXPECT_FALSE(windows_.renew(registry_.id, "you", 60s));
  clock_.advance(59s);
  EXPECT_TRUE(pause());
  clock_.advance(1s);
  EXPECT_FALSE(pause()) << "pushes go on by themselves";
  EXPECT_FALSE(windows_.renew(registry_.id, "me", 60s)) << "and who comes too late is told";
  of_another_process_.end_abandoned();
  of_another_process_.end_abandoned();
  EXPECT_THAT(events(), ElementsAre("gc_window.opened main", "gc_window.expired main"));
  EXPECT_TRUE(open(windows_, "you"));
}

TEST_P(GcWindowsTest, EveryEndDoubtsTheTrash) {
  TrashStore trash(database_, recorder_, clock_);
  const std::vector<KeptManifest> tree{{.manifest = {digest('1'), "x"}, .bytes = "{}"}};
  const auto id = trash.begin(occasion(), tree, {});
  trash.finish(occasion(), id, tree[0].manifest, {}, true);
  ASSERT_TRUE(open(windows_));
  clock_.advance(61s);
  windows_.end_abandoned();
  EXPECT_EQ(trash.find(id)->state, TrashState::unverified);
  trash.mark_kept(id);
  ASSERT_TRUE(open(windows_));
  ASSERT_TRUE(close("me"));
  EXPECT_EQ(trash.find(id)->state, TrashState::unverified);
}

TEST_P(GcWindowsTest, KnowsUntilWhenWritesMayGoOn) {
  const auto good_until = clock_.now() + 120s;
  ASSERT_TRUE(of_another_process_.note_write(registry_.id, good_until));
  const auto window = open(windows_).value();
  ASSERT_TRUE(window.writes_until);
  EXPECT_GE(*window.writes_until, good_until);
  EXPECT_LE(*window.writes_until, good_until + 60s);
  clock_.advance(181s);
  EXPECT_FALSE(windows_.writes_until(registry_.id));
}

TEST_P(GcWindowsTest, NoGrantThatIsLongerThanWasKnownBeforeIsGivenWhilePaused) {
  const auto before = clock_.now() + 120s;
  ASSERT_TRUE(windows_.note_write(registry_.id, before));
  ASSERT_TRUE(windows_.note_write(registry_.id, before + 30s)) << "known ahead";
  const auto until = open(of_another_process_).value().writes_until.value();
  EXPECT_GE(until, before + 30s);
  const auto refused = windows_.note_write(registry_.id, until + 1ms);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, RefusalKind::conflict);
  EXPECT_EQ(windows_.writes_until(registry_.id), until);
  ASSERT_TRUE(close("me"));
  EXPECT_TRUE(windows_.note_write(registry_.id, until + 1ms));
}

INSTANTIATE_TEST_SUITE_P(Engines, GcWindowsTest, db::every_engine(), db::engine_name);

}  // namespace
}  // namespace spectacles::removal
