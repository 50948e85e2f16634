#include "removal/worker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "db/migrate.h"
#include "db/test_database.h"
#include "registries/rows_sql.h"
#include "removal/retention_rules.h"
#include "support/scripted_server.h"

namespace spectacles::removal {
namespace {

using namespace std::chrono_literals;
using support::http_answer;
using testing::Contains;
using testing::IsEmpty;

Digest digest(char digit) {
  return Digest::parse("sha256:" + std::string(64, digit)).value();
}

// A registry that says what a test wants, and the chores of one process.
class HousekeeperTest : public testing::Test {
 protected:
  HousekeeperTest() {
    registry_.id =
        database_.write([&](db::Session& s) { return registries::rows::insert_registry(s, registry_, clock_.now()); });
  }

  void work() { housekeeper_.work({}); }

  TrashId make_entry() {
    const std::string bytes = R"({"config":{"digest":")" + digest('9').str() + R"("}})";
    const Occasion occasion{.registry = registry_,
                            .repository = repository_,
                            .ns = {},
                            .actor = {.id = {}, .name = "alice", .address = ""},
                            .reason = ""};
    const std::vector<KeptManifest> tree{{.manifest = {digest('1'), "x"}, .bytes = bytes}};
    const auto id = trash_.begin(occasion, tree, {});
    trash_.finish(occasion, id, tree[0].manifest, {}, true);
    return id;
  }

  void open_window() {
    ASSERT_TRUE(windows_.open(
        {.registry = registry_.id, .registry_name = registry_.name, .holder = "me", .lasts = 60s, .reason = ""},
        {.id = {}, .name = "admin", .address = ""}));
  }

  std::vector<std::string> asked() {
    std::vector<std::string> lines;
    for (const auto& request : server_.requests()) lines.push_back(request.method + " " + request.target);
    return lines;
  }

  std::atomic<int> status_ = 202;
  support::ScriptedServer server_{[this](const auto& request) {
    return support::ScriptedAnswer{http_answer(request.target == "/v2/" ? 200 : status_.load(), "", "")};
  }};
  db::TestFolder folder_;
  db::Database database_{folder_.options()};
  const int migrated_ = db::migrate(database_);
  // Pauses are measured by the true time.
  ManualClock clock_{std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())};
  audit::Recorder recorder_{clock_};
  db::Generation generation_{database_};
  registries::Registry registry_{
      .id = RegistryId(0),
      .name = Label::parse("main").value(),
      .address = {.url = registries::RegistryUrl::parse(server_.url()).value(), .ca = {}, .pin = {}},
      .public_host = RegistryHost::parse("localhost:5000").value(),
      .service = ServiceName::parse("main").value()};
  const RepositoryPath repository_ = RepositoryPath::parse("team/app").value();
  access::AccessStore access_{database_, generation_};
  registries::RegistryStore registries_{database_, generation_, recorder_, clock_};
  TrashStore trash_{database_, recorder_, clock_};
  RetentionStore retention_{database_, recorder_, clock_};
  GcWindows windows_{database_, recorder_, clock_};
  const RegistryReach reach_{
      .tokens = [](const auto&, const auto&, ActionSet actions) -> Result<Secret> { return Secret(actions.str()); }};
  Remover remover_{trash_, reach_};
  Restorer restorer_{trash_, reach_};
  Housekeeper housekeeper_{{.access = access_,
                            .registries = registries_,
                            .trash = trash_,
                            .retention = retention_,
                            .windows = windows_,
                            .remover = remover_,
                            .restorer = restorer_,
                            .clock = clock_},
                           {.trash_kept = [] { return std::chrono::days(30); }}};
};

TEST_F(HousekeeperTest, FinishesATagThatADeadProcessHasLeftAtAPlaceholder) {
  trash_.begin_tag(registry_.id, repository_, TagName::parse("a").value(), digest('7'));
  work();
  EXPECT_THAT(asked(), IsEmpty()) << "somebody may be at it";
  clock_.advance(3min);
  status_ = 503;
  work();
  EXPECT_EQ(trash_.pending_tags(registry_.id, clock_.now()).size(), 1U) << "the registry did not say that it did";
  clock_.advance(1min);
  status_ = 202;
  work();
  EXPECT_THAT(asked(), Contains("DELETE /v2/team/app/manifests/" + digest('7').str()));
  EXPECT_THAT(trash_.pending_tags(registry_.id, clock_.now()), IsEmpty());
}

TEST_F(HousekeeperTest, AsksWhatBecameOfADeletionThatADeadProcessHasLeft) {
  const auto begin = [&] {
    return trash_.begin({.registry = registry_,
                         .repository = repository_,
                         .ns = {},
                         .actor = {.id = {}, .name = "alice", .address = ""},
                         .reason = "a test"},
                        {{.manifest = {digest('1'), "x"}, .bytes = "{}"}}, {TagName::parse("a").value()});
  };
  const auto died = begin();
  work();
  EXPECT_THAT(asked(), IsEmpty()) << "somebody may be at it";
  clock_.advance(3min);
  status_ = 503;
  work();
  EXPECT_EQ(trash_.find(died)->state, TrashState::deleting) << "no answer says nothing";
  clock_.advance(1min);
  status_ = 404;
  work();
  EXPECT_EQ(trash_.find(died)->state, TrashState::kept);
  EXPECT_EQ(database_.read([](db::Session& session) {
    return session.single<std::string>("SELECT actor FROM activity WHERE action = 'manifest.deleted'");
  }),
            "alice");
}

TEST_F(HousekeeperTest, AsksAfterACollectionWhatIsStillThere) {
  const auto id = make_entry();
  open_window();
  windows_.close(registry_.id, registry_.name, "me", {.id = {}, .name = "admin", .address = ""});
  status_ = 503;
  work();
  EXPECT_EQ(trash_.find(id)->state, TrashState::unverified) << "no answer says nothing";
  clock_.advance(1min);
  status_ = 404;
  work();
  EXPECT_EQ(trash_.find(id)->state, TrashState::gone);

  const auto other = make_entry();
  open_window();
  work();
  EXPECT_EQ(trash_.find(other)->state, TrashState::kept) << "while it is open nothing is doubted yet";
  clock_.advance(61s);
  status_ = 206;
  work();
  EXPECT_EQ(trash_.find(other)->state, TrashState::kept) << "the window ran out, and all is still there";
  EXPECT_FALSE(windows_.find(registry_.id));
}

TEST_F(HousekeeperTest, PurgesTheTrashInTime) {
  const auto id = make_entry();
  work();
  EXPECT_TRUE(trash_.find(id));
  clock_.advance(std::chrono::days(30) + 1s);
  work();
  EXPECT_FALSE(trash_.find(id));
}

}  // namespace
}  // namespace spectacles::removal
