// Statements on namespaces: rows in, rows out, no rules. Each takes the session of the caller's transaction and throws
// db::Error.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "access/namespace.h"
#include "access/registry_reference.h"
#include "base/clock.h"
#include "db/session.h"
#include "names/repository_path.h"

namespace spectacles::access::rows {

// Whole namespaces, with members, groups and claims.
std::optional<Namespace> find_namespace(db::Session& session, NamespaceId id);
std::optional<Namespace> find_namespace(db::Session& session, RegistryId registry, const NamespaceName& name);
std::vector<Namespace> all_namespaces(db::Session& session);  // by id of the registry, then by name
std::vector<Namespace> namespaces_owned_by(db::Session& session, AccountId owner);  // in the same order

// The one that decides on a repository: the longest name that is a proper prefix of whole segments, or "/" for a name
// of one segment.
std::optional<Namespace> find_covering(db::Session& session, RegistryId registry, const RepositoryPath& path);

// The nearest namespace that `name` would lie inside.
std::optional<Namespace> find_enclosing(db::Session& session, RegistryId registry, const NamespaceName& name);

// `id` is ignored. Throws db::UniqueViolation when the registry has a namespace of this name.
NamespaceId insert_namespace(db::Session& session, const Namespace& ns, Time now);

// Many at once; returns the id of each.
std::vector<NamespaceId> insert_namespaces(db::Session& session, const std::vector<Namespace>& namespaces, Time now);

// Writes everything but registry and name; the lists become what they are in `ns`.
void update_namespace(db::Session& session, const Namespace& ns, Time now);

void delete_namespace(db::Session& session, NamespaceId id);

std::vector<UserName> member_names(db::Session& session, NamespaceId id);  // in order
std::vector<Label> group_names(db::Session& session, NamespaceId id);      // in order
std::vector<UserName> administrator_names(db::Session& session);           // in order, those not disabled

// What access needs to know of its neighbours.
std::vector<RegistryReference> all_registries(db::Session& session);  // by name
Label registry_name(db::Session& session, RegistryId id);
std::vector<RepositoryPath> known_repositories(db::Session& session, RegistryId registry);  // in order
// Those that `name` covers.
std::vector<RepositoryPath> repositories_below(db::Session& session, RegistryId registry, const NamespaceName& name);

}  // namespace spectacles::access::rows
