#include "registries/store_sql.h"

#include <gtest/gtest.h>

#include "db/migrate.h"
#include "db/test_database.h"

namespace spectacles::registries {
namespace {

class RegistryStoreTest : public db::OnEveryEngine {
 protected:
  RegistryStoreTest() { db::migrate(database_); }

  static Registry registry(const std::string& name, const std::string& service) {
    return {.id = RegistryId(0),
            .name = Label::parse(name).value(),
            .address = {.url = RegistryUrl::parse("http://localhost:5000").value(), .ca = {}, .pin = {}},
            .public_host = RegistryHost::parse("localhost:5000").value(),
            .service = ServiceName::parse(service).value()};
  }

  std::vector<std::string> events() {
    std::vector<std::string> seen;
    for (const auto& [action, subject] : database_.read([](db::Session& session) {
           return session.rows<std::string, std::string>("SELECT action, subject FROM activity ORDER BY id");
         })) {
      seen.push_back(action + " " + subject);
    }
    return seen;
  }

  db::Database database_{options()};
  ManualClock clock_{from_millis(1'000'000)};
  audit::Recorder recorder_{clock_};
  db::Generation generation_{database_};
  RegistryStore store_{database_, generation_, recorder_, clock_};
  audit::Actor actor_ = audit::Actor::command_line();
};

TEST_P(RegistryStoreTest, KeepsAllOfIt) {
  auto wanted = registry("main", "Docker registry");
  wanted.address.pin = Pin::parse(std::string(64, 'a')).value();
  wanted.key_mode = KeyMode::jwks;
  const auto added = store_.add(actor_, wanted);
  ASSERT_TRUE(added);
  wanted.id = added->id;
  EXPECT_EQ(*added, wanted);
  EXPECT_EQ(store_.find(added->id), wanted);
  EXPECT_EQ(store_.find(wanted.name), wanted);
  EXPECT_EQ(*store_.find(wanted.service), wanted);
  EXPECT_EQ(store_.list(), std::vector{wanted});
  EXPECT_EQ(events(), std::vector<std::string>{"registry.created main"});
}

TEST_P(RegistryStoreTest, ConflictsNameTheField) {
  ASSERT_TRUE(store_.add(actor_, registry("main", "one")));
  const auto same_name = store_.add(actor_, registry("main", "two"));
  ASSERT_FALSE(same_name);
  EXPECT_EQ(same_name.error().kind, RefusalKind::conflict);
  EXPECT_EQ(same_name.error().field, "name");
  EXPECT_EQ(store_.add(actor_, registry("other", "one")).error().field, "service");
  const auto other = store_.add(actor_, registry("other", "two"));
  ASSERT_TRUE(other);
  EXPECT_EQ(store_.change(actor_, other->id, {.name = Label::parse("main").value()}).error().field, "name");
  EXPECT_EQ(store_.change(actor_, other->id, {.service = ServiceName::parse("one").value()}).error().field, "service");
  EXPECT_EQ(events().size(), 2U) << "a refusal leaves no event of a change";
}

TEST_P(RegistryStoreTest, ChangesWhatIsGiven) {
  const auto added = store_.add(actor_, registry("main", "one"));
  const auto changed = store_.change(actor_, added->id, {.name = Label::parse("renamed").value()});
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->name.str(), "renamed");
  EXPECT_EQ(changed->service, added->service);
  EXPECT_EQ(store_.find(added->id), *changed);
  ASSERT_TRUE(store_.change(actor_, added->id, {}));
  EXPECT_EQ(events(), (std::vector<std::string>{"registry.created main", "registry.changed renamed"}));
  EXPECT_EQ(store_.change(actor_, RegistryId(99), {}).error().kind, RefusalKind::not_found);
}

TEST_P(RegistryStoreTest, RemovesWhatHasNoNamespaces) {
  const auto added = store_.add(actor_, registry("main", "one"));
  database_.write([&](db::Session& session) {
    session.execute(
        "INSERT INTO account (username, password_hash, role, created_at, changed_at) VALUES ('a', 'x', 'user', 0, 0)");
    session.execute(
        "INSERT INTO namespace (registry_id, name, owner_id, description, member_access, group_access, other_access, "
        "anonymous_access, created_at, changed_at) VALUES (:r, 'team', 1, '', 'NONE', 'NONE', 'NONE', 'NONE', 0, 0)",
        added->id);
  });
  const auto refused = store_.remove(actor_, added->id);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, RefusalKind::conflict);
  EXPECT_TRUE(store_.find(added->id));
  database_.write([](db::Session& session) { session.execute("DELETE FROM namespace"); });
  EXPECT_TRUE(store_.remove(actor_, added->id));
  EXPECT_FALSE(store_.find(added->id));
  EXPECT_EQ(store_.remove(actor_, added->id).error().kind, RefusalKind::not_found);
  EXPECT_EQ(events(), (std::vector<std::string>{"registry.created main", "registry.deleted main"}));
}

INSTANTIATE_TEST_SUITE_P(Engines, RegistryStoreTest, db::every_engine(), db::engine_name);

}  // namespace
}  // namespace spectacles::registries
