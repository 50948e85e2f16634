// What can be done with namespaces. Each change is a transaction that holds its event too.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/namespace.h"
#include "access/namespace_change.h"
#include "access/rows_sql.h"
#include "accounts/account.h"
#include "audit/recorder.h"
#include "audit/revision.h"
#include "db/database.h"

namespace spectacles::access {

// What lies in a namespace, as far as it is known. A blob counts once in each repository.
struct NamespaceContents {
  std::int64_t repositories = 0;
  std::int64_t size = 0;  // bytes
};

struct VisibleNamespace {
  Namespace ns;
  Label registry_name;
  // Of all its rights for who may see them, else of its outline; nothing in lists, which do not show it.
  std::optional<audit::Revision> revision;
  bool manageable = false;        // the caller may change it
  std::vector<UserName> members;  // the names of ns.members and ns.groups, if the caller may see them
  std::vector<Label> groups;
  std::optional<NamespaceContents> contents = {};  // where the caller may read all of it; nothing in lists
};

// A known repository on which another namespace decides than before; nothing: none.
struct Move {
  RepositoryPath repository;
  std::optional<NamespaceName> from;
  std::optional<NamespaceName> to;
};

struct CreatedNamespace {
  VisibleNamespace created;
  std::vector<Move> moved;
};

// A namespace in which a user or a group has a part, and which.
struct Part {
  Namespace ns;
  Label registry_name;
  std::vector<Claim> claims;  // his or its own
};

// Functions refuse (not_found) a namespace that does not exist for the caller, (forbidden) to who sees it and is
// neither its owner nor an administrator, and (stale) a revision that is not the expected one.
class NamespaceStore {
 public:
  NamespaceStore(db::Database& database, const audit::Recorder& recorder, const Clock& clock)
      : database_(database), recorder_(recorder), clock_(clock) {}

  std::vector<VisibleNamespace> list_visible(const accounts::Principal& who);
  std::optional<VisibleNamespace> find_visible(NamespaceId id, const accounts::Principal& who);

  // Administrators may create anywhere, others inside the nearest enclosing namespace if they own it, and the one of
  // their own name where the setting for personal namespaces says so. Refuses (forbidden) others, (conflict) a name
  // that is taken, and (invalid) names in `wanted` that do not exist.
  Result<CreatedNamespace> create(const std::string& registry, const NamespaceName& name, const NamespaceChange& wanted,
                                  const accounts::Principal& who, const audit::Actor& actor);
  // What create() would move; refuses as it does.
  Result<std::vector<Move>> preview_creation(const std::string& registry, const NamespaceName& name,
                                             const accounts::Principal& who);

  Result<VisibleNamespace> change(NamespaceId id, const NamespaceChange& wanted,
                                  const audit::ExpectedRevision& expected, const accounts::Principal& who,
                                  const audit::Actor& actor);

  Result<void> remove(NamespaceId id, const audit::ExpectedRevision& expected, const accounts::Principal& who,
                      const audit::Actor& actor);
  // What remove() would move.
  Result<std::vector<Move>> preview_removal(NamespaceId id, const accounts::Principal& who);

  // Those that he owns, is a member of or has a custom right in; by registry and name.
  std::vector<Part> parts_of(AccountId account);
  // Those that it is assigned to or has a custom right in; by registry and name.
  std::vector<Part> parts_of(GroupId group);

 private:
  db::Database& database_;
  const audit::Recorder& recorder_;
  const Clock& clock_;
};

}  // namespace spectacles::access
