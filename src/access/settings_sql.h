// What administrators choose for the whole installation, as far as rights go.
#pragma once

#include <optional>

#include "access/rows_sql.h"
#include "audit/recorder.h"
#include "audit/revision.h"
#include "db/database.h"

namespace spectacles::access {

// The registry in which every new user gets a namespace of his own name; nothing: none does.
std::optional<RegistryReference> personal_namespace_registry(db::Session& session);

// Whether `username` may have the namespace of his own name in `registry`: where the setting says so, and only as long
// as it takes no known repository from anybody.
bool may_have_personal_namespace(db::Session& session, RegistryId registry, const UserName& username);

// Whether who is not signed in may look at what he may pull.
bool allows_anonymous_browsing(db::Session& session);

struct Settings {
  std::optional<Label> personal_namespace_registry;  // its name
  bool anonymous_browsing = false;
  std::int64_t trash_kept_days;  // how long what was deleted can be brought back
  audit::Revision revision;
};

struct SettingsChange {
  std::optional<std::optional<Label>> personal_namespace_registry = {};  // nothing inside: none
  std::optional<bool> anonymous_browsing = {};
  std::optional<std::int64_t> trash_kept_days = {};
};

class SettingsStore {
 public:
  SettingsStore(db::Database& database, const audit::Recorder& recorder) : database_(database), recorder_(recorder) {}

  Settings load();

  // Refuses (invalid, by field) a registry that does not exist and a number of days that is not from 1 to 3650, and
  // (stale) another revision than the expected one.
  Result<Settings> change(const SettingsChange& change, const audit::ExpectedRevision& expected,
                          const audit::Actor& actor);

 private:
  db::Database& database_;
  const audit::Recorder& recorder_;
};

}  // namespace spectacles::access
