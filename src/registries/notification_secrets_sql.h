// By which secret each registry is known when it tells what happens in it.
#pragma once

#include <optional>

#include "audit/recorder.h"
#include "base/secret.h"
#include "crypto/derived_secrets.h"
#include "db/database.h"
#include "names/ids.h"

namespace spectacles::registries {

// May be used by several threads at once. All functions throw db::Error when the database fails.
class NotificationSecrets {
 public:
  NotificationSecrets(db::Database& database, const audit::Recorder& recorder, const crypto::DerivedSecrets& secrets)
      : database_(database), recorder_(recorder), secrets_(secrets) {}

  // Nothing when there is no such registry.
  std::optional<Secret> find(RegistryId registry);

  // Whether `shown` is the registry's secret. A registry that does not exist (or is no id at all) takes the same work.
  bool is_of(std::optional<RegistryId> registry, const Secret& shown);

  // Makes another one; the old one is worth nothing from now on. Refuses (not_found) an unknown registry.
  Result<Secret> rotate(const audit::Actor& actor, RegistryId registry);

 private:
  Secret derive(RegistryId registry, std::int64_t version) const;

  db::Database& database_;
  const audit::Recorder& recorder_;
  const crypto::DerivedSecrets& secrets_;
};

}  // namespace spectacles::registries
