// For tests: a database, registries in it, and a registry on loopback that says what a test wants it to say.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/base64.h"
#include "catalog/claim_sql.h"
#include "catalog/sync.h"
#include "catalog/write_sql.h"
#include "crypto/digest.h"
#include "db/migrate.h"
#include "db/test_database.h"
#include "registries/rows_sql.h"
#include "support/scripted_server.h"

namespace spectacles::catalog {

constexpr auto image_type = "application/vnd.oci.image.manifest.v1+json";
constexpr auto index_type = "application/vnd.oci.image.index.v1+json";
constexpr auto config_type = "application/vnd.oci.image.config.v1+json";

inline std::string digest_of_bytes(const std::string& bytes) {
  return "sha256:" + to_hex(crypto::sha256(bytes));
}

inline std::string descriptor_of(const std::string& type, const std::string& bytes, const std::string& more = "") {
  return fmt::format(R"({{"mediaType":"{}","digest":"{}","size":{}{}}})", type, digest_of_bytes(bytes), bytes.size(),
                     more);
}

// An image for each letter: one configuration and two layers, of which all images share one.
inline std::string config_of(char letter) {
  return fmt::format(R"({{"os":"linux","architecture":"{}","created":"2026-03-01T12:00:00Z"}})", letter);
}
inline std::string manifest_of(char letter) {
  return fmt::format(R"({{"schemaVersion":2,"config":{},"layers":[{},{}]}})",
                     descriptor_of(config_type, config_of(letter)), descriptor_of("layer", "shared by all"),
                     descriptor_of("layer", std::string(100, letter)));
}
inline std::string digest_of(char letter) {
  return digest_of_bytes(manifest_of(letter));
}

constexpr std::string_view all_letters = "0123456789abcdefghijklmnopqrstuvwxyz";

inline char letter_of(const Digest& digest) {
  for (const char letter : all_letters) {
    if (digest_of(letter) == digest.str()) return letter;
  }
  return '?';
}

// Answers as distribution does, from `content` and, first, from `overrides` (by target).
class FakeRegistry {
 public:
  using Content = std::map<std::string, std::map<std::string, char>>;  // repository, tag, letter of the image

  explicit FakeRegistry(Content content) { state_.lock()->content = std::move(content); }

  std::string url() const { return server_.url(); }
  void set(Content content) { state_.lock()->content = std::move(content); }
  void override_with(const std::string& target, support::ScriptedAnswer answer) {
    state_.lock()->overrides[target] = std::move(answer);
  }
  void restore() { state_.lock()->overrides.clear(); }
  // What happens once, before the first answer to a target.
  void when_asked(const std::string& target, std::function<void()> happens) {
    state_.lock()->events[target] = std::move(happens);
  }
  // A manifest or blob that every repository has.
  void add(const std::string& bytes, const std::string& type = "application/octet-stream") {
    state_.lock()->blobs[digest_of_bytes(bytes)] = {type, bytes};
  }
  // What a tag stands for, instead of the image of a letter.
  void tag(const std::string& name, const std::string& tag, const std::string& type, const std::string& bytes) {
    add(bytes, type);
    state_.lock()->tagged[name + ":" + tag] = digest_of_bytes(bytes);
  }
  std::vector<support::ScriptedRequest> requests() { return server_.requests(); }

 private:
  struct State {
    Content content;
    std::map<std::string, support::ScriptedAnswer> overrides;
    std::map<std::string, std::function<void()>> events;
    std::map<std::string, std::pair<std::string, std::string>> blobs;  // digest: type and bytes
    std::map<std::string, std::string> tagged;
  };

  // A manifest with its digest, as the question wants it.
  static support::ScriptedAnswer manifest(const support::ScriptedRequest& request, const std::string& type,
                                          const std::string& bytes) {
    const auto digest = digest_of_bytes(bytes);
    const bool is_known = request.head.find("If-None-Match: \"" + digest + "\"") != std::string::npos;
    return {support::http_answer(is_known ? 304 : 200,
                                 "Content-Type: " + type + "; a=b\r\nDocker-Content-Digest: " + digest + "\r\n",
                                 is_known || request.method == "HEAD" ? "" : bytes)};
  }

  template <class Map>
  static std::string names(const Map& map) {
    std::string list;
    for (const auto& [name, ignored] : map) list += (list.empty() ? "\"" : ",\"") + name + "\"";
    return "[" + list + "]";
  }

  void let_happen(const std::string& target) {
    std::function<void()> event;
    {
      auto state = state_.lock();
      const auto found = state->events.find(target);
      if (found == state->events.end()) return;
      event = std::move(found->second);
      state->events.erase(found);
    }
    event();
  }

  support::ScriptedAnswer answer(const support::ScriptedRequest& request) {
    let_happen(request.target);
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
      const auto before = "/v2/" + name + "/manifests/";
      for (const auto& [tag, letter] : tags) {
        if (target != before + tag) continue;
        const auto other = state->tagged.find(name + ":" + tag);
        if (other == state->tagged.end()) return manifest(request, image_type, manifest_of(letter));
        const auto& [type, bytes] = state->blobs.at(other->second);
        return manifest(request, type, bytes);
      }
      for (const auto* kind : {"/manifests/", "/blobs/"}) {
        const auto folder = "/v2/" + name + kind;
        if (!target.starts_with(folder)) continue;
        const auto wanted = target.substr(folder.size());
        if (const auto found = state->blobs.find(wanted); found != state->blobs.end()) {
          return manifest(request, found->second.first, found->second.second);
        }
        for (const char letter : all_letters) {
          if (wanted == digest_of_bytes(config_of(letter))) return {support::http_answer(200, "", config_of(letter))};
          if (wanted == digest_of(letter)) return manifest(request, image_type, manifest_of(letter));
        }
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

  SyncResult sync(const registries::Registry& registry, ApiLimits limits = {}, const WatchProgress& watch = {}) {
    const auto held = claim(registry);
    auto result = sync_under(held.value(), registry, limits, watch);
    database.write(
        [&](db::Session& session) { finish_claim(session, *held, result.outcome, result.detail, clock.now()); });
    return result;
  }

  SyncResult sync_under(const Claim& held, const registries::Registry& registry, ApiLimits limits = {},
                        const WatchProgress& watch = {}) {
    RegistryTokens shared(registry, tokens(), limits.token_age);
    Changes changes(database, recorder, clock, registry, held, claim_lasts);
    const RegistryAccess access{.make_api =
                                    [&](const std::stop_token& stop) {
                                      return std::make_unique<RegistryApi>(registry, std::nullopt, shared, limits,
                                                                           stop);
                                    },
                                .tokens = shared,
                                .limits = limits};
    return sync_registry(access, changes, {}, watch);
  }

  // "main/catalog", "main/a,b/c": what a token is good for.
  TokenSource tokens() {
    return [](const registries::Registry& registry, const std::vector<RepositoryPath>& pull, bool catalog) {
      std::string names = catalog ? "catalog" : "";
      for (const auto& name : pull) names += (names.empty() ? "" : ",") + name.str();
      return Secret(registry.name.str() + "/" + names);
    };
  }

  // "a:x=1 a:y!=2 b!": what the database says of a registry; what was missing is marked.
  std::string content(const registries::Registry& registry) {
    return database.read([&](db::Session& session) {
      std::string text;
      for (const auto& [name, known] : rows::known_repositories(session, registry.id)) {
        const auto tags = rows::known_tags(session, registry.id, known.id);
        const std::string mark = known.missing_passes != 0 ? "!" : "";
        if (tags.empty()) text += name.str() + mark + " ";
        for (const auto& [tag, it] : tags) {
          text += name.str() + mark + ":" + tag.str() + (it.missing_passes != 0 ? "!" : "") + "=" +
                  letter_of(it.manifest.digest) + " ";
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
