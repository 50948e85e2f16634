#include "registries/notification_secrets_sql.h"

#include <fmt/format.h>

#include "names/label.h"

namespace spectacles::registries {
namespace {

std::optional<std::int64_t> find_version(db::Session& session, RegistryId registry) {
  const auto found = session.find<std::int64_t>("SELECT notification_version FROM registry WHERE id = :id", registry);
  if (!found) return std::nullopt;
  return std::get<0>(*found);
}

}  // namespace

Secret NotificationSecrets::derive(RegistryId registry, std::int64_t version) const {
  return secrets_.derive(fmt::format("notifications of registry {}, version {}", registry.value(), version));
}

std::optional<Secret> NotificationSecrets::find(RegistryId registry) {
  const auto version = database_.read([&](db::Session& session) { return find_version(session, registry); });
  if (!version) return std::nullopt;
  return derive(registry, *version);
}

bool NotificationSecrets::is_of(std::optional<RegistryId> registry, const Secret& shown) {
  const auto asked = registry.value_or(RegistryId(0));
  const auto version = database_.read([&](db::Session& session) { return find_version(session, asked); });
  const bool fits = derive(asked, version.value_or(0)) == shown;
  return fits && version.has_value();
}

Result<Secret> NotificationSecrets::rotate(const audit::Actor& actor, RegistryId registry) {
  return database_.write([&](db::Session& session) -> Result<Secret> {
    const auto found =
        session.find<Label, std::int64_t>("SELECT name, notification_version FROM registry WHERE id = :id", registry);
    if (!found) return refuse(RefusalKind::not_found, "there is no such registry");
    const auto& [name, version] = *found;
    session.execute("UPDATE registry SET notification_version = :version WHERE id = :id", version + 1, registry);
    recorder_.record(session, actor, {.action = "registry.notification_secret_rotated", .subject = name.str()});
    return derive(registry, version + 1);
  });
}

}  // namespace spectacles::registries
