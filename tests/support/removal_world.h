// For tests: a database on any engine, a registry in it, and what the stores of deletions are asked about.
#pragma once

#include "access/rows_sql.h"
#include "audit/recorder.h"
#include "db/migrate.h"
#include "db/test_database.h"
#include "registries/rows_sql.h"
#include "removal/trash_sql.h"

namespace spectacles::removal {

class StoreTest : public db::OnEveryEngine {
 protected:
  StoreTest() {
    registry_.id = database_.write(
        [&](db::Session& session) { return registries::rows::insert_registry(session, registry_, clock_.now()); });
  }

  static Digest digest(char digit) { return Digest::parse("sha256:" + std::string(64, digit)).value(); }
  static TagName tag(const std::string& name) { return TagName::parse(name).value(); }

  void insert_tag(const std::string& name, char digit) {
    database_.write([&](db::Session& session) {
      const auto found = session.find<RepositoryId>("SELECT id FROM repository WHERE name = 'team/app'");
      const auto id = found ? std::get<0>(*found)
                            : RepositoryId(session.insert("INSERT INTO repository (registry_id, name, first_seen_at, "
                                                          "changed_at) VALUES (:registry, 'team/app', 0, 0)",
                                                          registry_.id));
      session.execute(
          "INSERT INTO tag (repository_id, name, digest, media_type, first_seen_at, changed_at) "
          "VALUES (:id, :name, :digest, 'x', 0, :now)",
          id, name, digest(digit), clock_.now());
    });
  }

  std::vector<std::string> known_tags() {
    std::vector<std::string> names;
    for (const auto& [name] : database_.read(
             [](db::Session& session) { return session.rows<std::string>("SELECT name FROM tag ORDER BY name"); })) {
      names.push_back(name);
    }
    return names;
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

  Occasion occasion() const {
    return {.registry = registry_,
            .repository = RepositoryPath::parse("team/app").value(),
            .ns = {},
            .actor = {.id = {}, .name = "alice", .address = ""},
            .reason = "a test"};
  }

  db::Database database_{options()};
  const int migrated_ = db::migrate(database_);
  ManualClock clock_{from_millis(1'000'000'000'000)};
  audit::Recorder recorder_{clock_};
  registries::Registry registry_{
      .id = RegistryId(0),
      .name = Label::parse("main").value(),
      .address = {.url = registries::RegistryUrl::parse("http://localhost:1").value(), .ca = {}, .pin = {}},
      .public_host = RegistryHost::parse("localhost:5000").value(),
      .service = ServiceName::parse("main").value()};
};

}  // namespace spectacles::removal
