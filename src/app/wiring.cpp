#include "app/wiring.h"

#include <algorithm>
#include <thread>

#include "accounts/server_key_sql.h"
#include "db/migrate.h"
#include "registries/examine.h"

namespace spectacles::app {
namespace {

// Who the background is to registries; no user name has this form.
constexpr std::string_view background_subject = "(background)";

constexpr std::string_view check_subject = "(check)";
constexpr std::string_view removal_subject = "(removal)";

// How much longer than it says a token may be good: registries allow for a minute, and signing takes a moment.
constexpr std::chrono::seconds tolerance{75};

Result<void> note_write(Services& services, RegistryId registry) {
  const auto good_until = services.foundation.clock.now() + services.config.token_lifetime + tolerance;
  return services.windows.note_write(registry, good_until);
}

// Tokens for what deletes and brings back: each good for one repository, and refused as everybody's while it is paused.
removal::RegistryReach reach_of(Services& services) {
  const auto token = [&services](const registries::Registry& registry, const RepositoryPath& repository,
                                 ActionSet actions) -> Result<Secret> {
    if (actions.has(Action::push) || actions.has(Action::del)) {
      if (const auto pause = services.access.find_pause(registry.id)) {
        return refuse(RefusalKind::conflict, access::describe(*pause));
      }
      if (const auto noted = note_write(services, registry.id); !noted) return pass_on(noted);
    }
    const tokens::Granted granted{.repositories = {{repository, actions}}, .catalog = false};
    return services.signer.sign(registry, std::string(removal_subject), granted).text;
  };
  return {.tokens = token, .own_key = services.signing_key.key.public_key()};
}

}  // namespace

std::size_t hashes_at_once() {
  return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, 4);
}

db::Options database_options(const Config& config) {
  db::Options options{.log_statements = config.log_statements};
  if (const auto* server = std::get_if<db::Server>(&config.database)) {
    options.server = *server;
  } else {
    options.sqlite_file = std::get<std::filesystem::path>(config.database);
  }
  return options;
}

Foundation::Foundation(const Config& config)
    : database(database_options(config)),
      recorder(clock),
      hasher(hashes_at_once()),
      generation(database),
      throttle(clock),
      belongings(recorder, clock) {
  db::migrate(database);
}

Services::Services(const Config& config_, const registries::SigningKey& signing_key_)
    : config(config_),
      signing_key(signing_key_),
      foundation(config),
      derived_secrets(accounts::load_or_make_server_key(foundation.database, config.secret_key)),
      sessions(foundation.database, foundation.clock, config.secret_key),
      passwords(foundation.clock),
      authenticator(foundation.database, foundation.generation, foundation.hasher, foundation.throttle, passwords),
      accounts(foundation.database, foundation.hasher, sessions, foundation.recorder, foundation.clock,
               foundation.belongings, authenticator, config.registration_enabled),
      users(foundation.database, foundation.hasher, foundation.recorder, foundation.clock, foundation.belongings,
            foundation.throttle),
      user_sessions(foundation.database, foundation.recorder, foundation.clock),
      avatars(foundation.database, foundation.recorder, foundation.clock),
      preferences(foundation.database, foundation.recorder),
      groups(foundation.database, foundation.recorder, foundation.clock),
      guard(sessions),
      access(foundation.database, foundation.generation),
      what_if(foundation.database),
      simulation(foundation.database, foundation.clock),
      namespaces(foundation.database, foundation.recorder, foundation.clock),
      settings(foundation.database, foundation.recorder, config.public_url),
      registries(foundation.database, foundation.generation, foundation.recorder, foundation.clock),
      notification_secrets(foundation.database, foundation.recorder, derived_secrets),
      webhooks(foundation.database, foundation.recorder, derived_secrets, foundation.clock),
      deliveries(foundation.database, derived_secrets, foundation.clock),
      catalog(foundation.database, access, foundation.clock),
      sync(foundation.database, foundation.recorder, foundation.clock),
      inbox(foundation.database, foundation.recorder, foundation.clock),
      activity(foundation.database),
      decisions(foundation.database),
      decision_writer(foundation.database),
      decision_log(decision_writer, foundation.clock),
      signer(signing_key, config.issuer, config.token_lifetime, foundation.clock),
      shared_signer(signer, foundation.clock),
      windows(foundation.database, foundation.recorder, foundation.clock),
      trash(foundation.database, foundation.recorder, foundation.clock),
      retention(foundation.database, foundation.recorder, foundation.clock),
      remover(trash, reach_of(*this)),
      restorer(trash, reach_of(*this)),
      issuer(registries, authenticator, access, shared_signer, decision_log,
             [this](RegistryId registry) { return note_write(*this, registry); }),
      facts{.signing_key = signing_key,
            .issuer = config.issuer,
            .public_url = [this] { return settings.public_url(); },
            .web_root = config.web_root},
      learned(foundation.database, foundation.clock),
      learner(learned, background_tokens(*this), signing_key.key.public_key(), {}),
      applier(inbox, [this](std::vector<catalog::Pushed> pushed) { learner.learn(std::move(pushed)); }),
      live({.database = foundation.database,
            .clock = foundation.clock,
            .activity = activity,
            .decisions = decisions,
            .access = access,
            .sync = sync}) {}

registries::ConnectionTest Services::examine(const registries::Registry& registry) {
  const registries::ProofTokens tokens{
      .without_access =
          [this](const registries::Registry& of) { return signer.sign(of, std::string(check_subject), {}).text; },
      .to_delete =
          [this](const registries::Registry& of, const RepositoryPath& repository) {
            return reach_of(*this).tokens(of, repository, ActionSet{Action::del});
          }};
  return registries::examine(registry,
                             {.own_key = signing_key.key.public_key(),
                              .public_url = settings.public_url(),
                              .limits = {.total = std::chrono::seconds(15)}},
                             tokens, foundation.clock.now());
}

catalog::TokenSource background_tokens(Services& services) {
  return [&services](const registries::Registry& registry, std::vector<RepositoryPath> pull, bool catalog) {
    tokens::Granted granted{.repositories = {}, .catalog = catalog};
    granted.repositories.reserve(pull.size());
    for (auto& path : pull) granted.repositories.push_back({std::move(path), ActionSet{Action::pull}});
    return services.signer.sign(registry, std::string(background_subject), granted).text;
  };
}

std::unique_ptr<catalog::SyncWorker> make_worker(Services& services) {
  catalog::WorkerOptions options;
  options.interval = services.config.background_interval;
  return std::make_unique<catalog::SyncWorker>(services.sync, background_tokens(services),
                                               services.signing_key.key.public_key(), options);
}

std::chrono::days trash_kept(Services& services) {
  return std::chrono::days(services.settings.load().trash_kept_days);
}

std::unique_ptr<removal::HousekeepingWorker> make_housekeeping(Services& services) {
  removal::HousekeepingOptions options;
  options.trash_kept = [&services] { return trash_kept(services); };
  return std::make_unique<removal::HousekeepingWorker>(removal::Household{.access = services.access,
                                                                          .registries = services.registries,
                                                                          .trash = services.trash,
                                                                          .retention = services.retention,
                                                                          .windows = services.windows,
                                                                          .remover = services.remover,
                                                                          .restorer = services.restorer,
                                                                          .clock = services.foundation.clock},
                                                       std::move(options));
}

}  // namespace spectacles::app
