// Owns everything that lives as long as the program, in the order in which it comes into being.
#pragma once

#include <memory>

#include "access/belongings_sql.h"
#include "access/namespaces_sql.h"
#include "access/settings_sql.h"
#include "access/store_sql.h"
#include "accounts/authenticate.h"
#include "accounts/groups_sql.h"
#include "accounts/guard.h"
#include "accounts/password.h"
#include "accounts/session.h"
#include "accounts/store_sql.h"
#include "accounts/user_sessions_sql.h"
#include "accounts/users_sql.h"
#include "app/config.h"
#include "audit/recorder.h"
#include "audit/store_sql.h"
#include "base/clock.h"
#include "catalog/browse_sql.h"
#include "catalog/store_sql.h"
#include "catalog/worker.h"
#include "db/database.h"
#include "db/generation.h"
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

  const Config& config;
  const registries::SigningKey& signing_key;
  Foundation foundation;
  accounts::SessionStore sessions;
  accounts::RememberedPasswords passwords;
  accounts::Authenticator authenticator;
  accounts::AccountStore accounts;
  accounts::UserStore users;
  accounts::UserSessions user_sessions;
  accounts::GroupStore groups;
  accounts::Guard guard;
  access::AccessStore access;
  access::NamespaceStore namespaces;
  access::SettingsStore settings;
  registries::RegistryStore registries;
  catalog::CatalogStore catalog;
  catalog::SyncStore sync;
  audit::ActivityStore activity;
  tokens::Signer signer;
  tokens::SharedSigner shared_signer;
  removal::GcWindows windows;
  removal::TrashStore trash;
  removal::RetentionStore retention;
  removal::Remover remover;
  removal::Restorer restorer;
  tokens::Issuer issuer;
  registries::ServerFacts facts;
};

// The background of these services; not started.
std::unique_ptr<catalog::SyncWorker> make_worker(Services& services);
std::unique_ptr<removal::HousekeepingWorker> make_housekeeping(Services& services);

}  // namespace spectacles::app
