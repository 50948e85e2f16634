// For tests: a database, registries in it, and a registry on loopback that says what a test wants it to say.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "catalog/claim_sql.h"
#include "catalog/rows_sql.h"
#include "catalog/sync.h"
#include "db/migrate.h"
#include "db/test_database.h"
#include "registries/rows_sql.h"
#include "support/scripted_server.h"

namespace spectacles::catalog {

inline std::string digest_of(char digit) {
  return "sha256:" + std::string(64, digit);
}

// Answers as distribution does, from `content` and, first, from `overrides` (by target).
class FakeRegistry {
 public:
  using Content = std::map<std::string, std::map<std::string, char>>;  // repository, tag, digit of the digest

  explicit FakeRegistry(Content content) { state_.lock()->content = std::move(content); }

  std::string url() const { return server_.url(); }
  void set(Content content) { state_.lock()->content = std::move(content); }
  void override_with(const std::string& target, support::ScriptedAnswer answer) {
    state_.lock()->overrides[target] = std::move(answer);
  }
  void restore() { state_.lock()->overrides.clear(); }
  std::vector<support::ScriptedRequest> requests() { return server_.requests(); }

 private:
  struct State {
    Content content;
    std::map<std::string, support::ScriptedAnswer> overrides;
  };

  template <class Map>
  static std::string names(const Map& map) {
    std::string list;
    for (const auto& [name, ignored] : map) list += (list.empty() ? "\"" : ",\"") + name + "\"";
    return "[" + list + "]";
  }

  support::ScriptedAnswer answer(const support::ScriptedRequest& request) {
    auto state = state_.lock();
    const auto& target = request.target;
    if (const auto found = state->overrides.find(target); found != state->overrides.end()) return found->second;
    if (target.starts_with("/v2/_catalog")) {
      return {support::http_answer(200, "", "{\"repositories\":" + names(state->content) + "}")};
    }
    for (const auto& [name, tags] : state->content) {
      if (target.starts_with("/v2/" + name + "/tags/list")) {
        return {support::http_answer(200, "", "{\"tags\":" + (tags.empty() ? "null" : names(tags)) + "}")};
      }
      for (const auto& [tag, digit] : tags) {
        if (target != "/v2/" + name + "/manifests/" + tag) continue;
        return {support::http_answer(
            200, "Content-Type: application/x; a=b\r\nDocker-Content-Digest: " + digest_of(digit) + "\r\n", "")};
      }
    }
    return {support::http_answer(404, "", R"({"errors":[{"code":"NAME_UNKNOWN"}]})")};
  }

  Synced<State> state_;
  support::ScriptedServer server_{[this](const auto& request) { return answer(request); }};
};

class World {
 public:
  // In a file of its own, or where `options` say.
  explicit World(const std::optional<db::Options>& options = {}) : database(options.value_or(folder.options())) {
    db::migrate(database);
  }

  registries::Registry add_registry(const std::string& name, const std::string& url) {
    registries::Registry registry{.id = RegistryId(0),
                                  .name = Label::parse(name).value(),
                                  .address = {.url = registries::RegistryUrl::parse(url).value(), .ca = {}, .pin = {}},
                                  .public_host = RegistryHost::parse("localhost:5000").value(),
                                  .service = ServiceName::parse(name).value()};
    registry.id = database.write(
        [&](db::Session& session) { return registries::rows::insert_registry(session, registry, clock.now()); });
    return registry;
  }

  std::optional<Claim> claim(const registries::Registry& registry, const std::string& holder = "me") {
    const ClaimTerms terms{.holder = holder, .now = clock.now(), .lasts = claim_lasts, .due_before = clock.now()};
    return database.write([&](db::Session& session) { return try_claim(session, registry.id, terms); });
  }

  SyncResult sync(const registries::Registry& registry, ApiLimits limits = {}) {
    const auto held = claim(registry);
    RegistryApi api(registry, {}, tokens(), limits, {});
    Changes changes(database, recorder, clock, registry, held.value(), claim_lasts);
    auto result = sync_registry(api, changes, {});
    database.write(
        [&](db::Session& session) { finish_claim(session, *held, result.outcome, result.detail, clock.now()); });
    return result;
  }

  TokenSource tokens() {
    return [](const registries::Registry& registry, const std::vector<RepositoryPath>& pull, bool catalog) {
      return Secret(registry.name.str() + "/" + (catalog ? "catalog" : pull.at(0).str()));
    };
  }

  // "a:x=1 a:y=2 b": what the database says of a registry.
  std::string content(const registries::Registry& registry) {
    return database.read([&](db::Session& session) {
      std::string text;
      for (const auto& [name, id] : rows::repositories_of(session, registry.id)) {
        const auto tags = rows::tags_of(session, registry.id, id);
        if (tags.empty()) text += name.str() + " ";
        for (const auto& [tag, manifest] : tags) {
          text += name.str() + ":" + tag.str() + "=" + manifest.digest.str().back() + " ";
        }
      }
      if (!text.empty()) text.pop_back();
      return text;
    });
  }

  std::vector<std::string> events() {
    std::vector<std::string> seen;
    for (const auto& [action, subject] : database.read([](db::Session& session) {
           return session.rows<std::string, std::string>("SELECT action, subject FROM activity ORDER BY id");
         })) {
      seen.push_back(action + " " + subject);
    }
    return seen;
  }

  static constexpr std::chrono::milliseconds claim_lasts{30'000};
  db::TestFolder folder;
  db::Database database;
  ManualClock clock{from_millis(1'000'000)};
  audit::Recorder recorder{clock};
};

}  // namespace spectacles::catalog
