// What administrators choose for the whole installation, as far as rights go.
#pragma once

#include <optional>
#include <string>
#include <utility>

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
  std::int64_t trash_kept_days;           // how long what was deleted can be brought back
  std::optional<std::string> public_url;  // the address of this server, as clients use it
  audit::Revision revision;
};

struct SettingsChange {
  std::optional<std::optional<Label>> personal_namespace_registry = {};  // nothing inside: none
  std::optional<bool> anonymous_browsing = {};
  std::optional<std::int64_t> trash_kept_days = {};
  std::optional<std::optional<std::string>> public_url = {};  // nothing inside: that of the request
};

class SettingsStore {
 public:
  // `fixed_public_url`: what the operator has configured, which cannot be changed here.
  SettingsStore(db::Database& database, const audit::Recorder& recorder,
                std::optional<std::string> fixed_public_url = {})
      : database_(database), recorder_(recorder), fixed_public_url_(std::move(fixed_public_url)) {}

  Settings load();

  std::optional<std::string> public_url();
  bool is_public_url_fixed() const { return fixed_public_url_.has_value(); }

  // Refuses (conflict, "public_url") to change what is fixed, (invalid, by field) a registry that does not exist and a
  // number of days that is not from 1 to 3650, and (stale) another revision than the expected one.
  Result<Settings> change(const SettingsChange& change, const audit::ExpectedRevision& expected,
                          const audit::Actor& actor);

 private:
  Settings load_from(db::Session& session) const;

  db::Database& database_;
  const audit::Recorder& recorder_;
  const std::optional<std::string> fixed_public_url_;
};

}  // namespace spectacles::access
