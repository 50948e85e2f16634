// Owns everything that lives as long as the program, in the order in which it comes into being.
#pragma once

#include <functional>
#include <memory>

#include "access/belongings_sql.h"
#include "access/namespaces_sql.h"
#include "access/settings_sql.h"
#include "access/simulation_sql.h"
#include "access/store_sql.h"
#include "access/what_if_sql.h"
#include "accounts/authenticate.h"
#include "accounts/avatars_sql.h"
#include "accounts/groups_sql.h"
#include "accounts/guard.h"
#include "accounts/password.h"
#include "accounts/preferences_sql.h"
#include "accounts/session.h"
#include "accounts/store_sql.h"
#include "accounts/user_sessions_sql.h"
#include "accounts/users_sql.h"
#include "app/config.h"
#include "app/live.h"
#include "audit/decision_keeper.h"
#include "audit/decision_log.h"
#include "audit/decisions_sql.h"
#include "audit/recorder.h"
#include "audit/store_sql.h"
#include "base/clock.h"
#include "catalog/applier.h"
#include "catalog/browse_sql.h"
#include "catalog/inbox_sql.h"
#include "catalog/learner.h"
#include "catalog/store_sql.h"
#include "catalog/worker.h"
#include "crypto/derived_secrets.h"
#include "db/database.h"
#include "db/generation.h"
#include "hooks/courier.h"
#include "hooks/queue_sql.h"
#include "hooks/store_sql.h"
#include "registries/notification_secrets_sql.h"
#include "registries/routes.h"
#include "registries/signing_key.h"
#include "registries/store_sql.h"
#include "removal/gc_windows_sql.h"
#include "removal/remover.h"
#include "removal/restorer.h"
#include "removal/retention_sql.h"
#include "removal/worker.h"
#include "tokens/issue.h"
#include "tokens/shared_signer.h"

namespace spectacles::app {

db::Options database_options(const Config& config);

// How many passwords are hashed at once: as many as there are processors, and no more than memory for a few.
std::size_t hashes_at_once();

// What every command needs: the database, brought up to date.
struct Foundation {
  explicit Foundation(const Config& config);

  SystemClock clock;
  db::Database database;
  audit::Recorder recorder;
  accounts::PasswordHasher hasher;
  db::Generation generation;
  accounts::Throttle throttle;
  access::NamespaceBelongings belongings;
};

// What a server needs beyond that.
struct Services {
  Services(const Config& config, const registries::SigningKey& signing_key);

  // As registries::examine, with tokens of this server.
  registries::ConnectionTest examine(const registries::Registry& registry);

  const Config& config;
  const registries::SigningKey& signing_key;
  Foundation foundation;
  crypto::DerivedSecrets derived_secrets;
  accounts::SessionStore sessions;
  accounts::RememberedPasswords passwords;
  accounts::Authenticator authenticator;
  accounts::AccountStore accounts;
  accounts::UserStore users;
  accounts::UserSessions user_sessions;
  accounts::AvatarStore avatars;
  accounts::PreferenceStore preferences;
  accounts::GroupStore groups;
  accounts::Guard guard;
  access::AccessStore access;
  access::WhatIfStore what_if;
  access::SimulationStore simulation;
  access::NamespaceStore namespaces;
  access::SettingsStore settings;
  registries::RegistryStore registries;
  registries::NotificationSecrets notification_secrets;
  hooks::WebhookStore webhooks;
  hooks::DeliveryQueue deliveries;
  catalog::CatalogStore catalog;
  catalog::SyncStore sync;
  catalog::Inbox inbox;
  audit::ActivityStore activity;
  audit::DecisionStore decisions;
  audit::DecisionWriter decision_writer;
  audit::DecisionLog decision_log;
  tokens::Signer signer;
  tokens::SharedSigner shared_signer;
  removal::GcWindows windows;
  removal::TrashStore trash;
  removal::RetentionStore retention;
  removal::Remover remover;
  removal::Restorer restorer;
  tokens::Issuer issuer;
  registries::ServerFacts facts;
  catalog::LearnedStore learned;
  catalog::Learner learner;  // as the applier, not started
  catalog::Applier applier;
  Live live;                                      // not started
  std::function<void()> wake_background = [] {};  // of another program: it looks by itself
};

// What these services read registries with.
catalog::TokenSource background_tokens(Services& services);

// How long the trash keeps what was deleted.
std::chrono::days trash_kept(Services& services);

// The background of these services; not started.
std::unique_ptr<catalog::SyncWorker> make_worker(Services& services);
std::unique_ptr<removal::HousekeepingWorker> make_housekeeping(Services& services);

}  // namespace spectacles::app
