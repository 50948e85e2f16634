// Statements on registries: rows in, rows out, no rules. Each takes the session of the caller's transaction and throws
// db::Error.
#pragma once

#include <optional>
#include <vector>

#include "db/session.h"
#include "registries/registry.h"

namespace spectacles::registries::rows {

std::optional<Registry> find_registry(db::Session& session, RegistryId id);
std::optional<Registry> find_registry(db::Session& session, const Label& name);
std::optional<Registry> find_registry(db::Session& session, const ServiceName& service);
std::vector<Registry> all_registries(db::Session& session);  // by name

// `registry.id` is ignored. Throws db::UniqueViolation when name or service is taken.
RegistryId insert_registry(db::Session& session, const Registry& registry, Time now);
void update_registry(db::Session& session, const Registry& registry, Time now);

// With all that was read from it. Throws db::ForeignKeyViolation while it has namespaces.
void delete_registry(db::Session& session, RegistryId id);

}  // namespace spectacles::registries::rows
