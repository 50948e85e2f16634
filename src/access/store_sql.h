// The one way to ask about rights.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "access/decide.h"
#include "access/namespace.h"
#include "access/pauses_sql.h"
#include "access/question.h"
#include "access/rows_sql.h"
#include "access/visible.h"
#include "accounts/account.h"
#include "db/database.h"
#include "db/remembered.h"

namespace spectacles::access {

struct Explanation {
  Decision decision;
  Label registry;
  std::optional<NamespaceName> ns;
  std::optional<UserName> user;
  RepositoryPath repository;
  std::vector<UserName> who_can_grant;  // the owner of the namespace, then the administrators
};

// A decision and the namespace that decided, null where none covers the repository.
struct TokenDecision {
  Decision decision;
  std::shared_ptr<const Namespace> covering;
};

class AccessStore {
 public:
  AccessStore(db::Database& database, db::Generation& generation);

  // The decision of a token request: on what this program has committed, and what others had half a second ago.
  TokenDecision decide_on(const accounts::Principal& who, RegistryId registry, const RepositoryPath& path,
                          ActionSet requested);

  // Has what decide_on() needs at hand, so that it does not have to wait for the database.
  void prepare(RegistryId registry, const RepositoryPath& path) {
    find_covering(registry, path);
    pauses_.find(registry);
  }

  // The pause that the registry is in, if it is in one.
  std::optional<Pause> find_pause(RegistryId registry) { return pauses_.find(registry); }

  // Refuses (invalid) a question about what does not exist, naming it, and (not_found) one that `asker` may not ask:
  // about others outside his own namespaces, unless he reads everything. Without an asker: the operator.
  Result<Explanation> explain(const Question& question, const std::optional<accounts::Principal>& asker);

  // All namespaces of all registries, as new as decide_on.
  std::shared_ptr<const NamespaceMap> namespaces();

  // Whether who is not signed in may look at what he may pull, as new as decide_on.
  bool allows_anonymous_browsing();

 private:
  std::shared_ptr<const Namespace> find_covering(RegistryId registry, const RepositoryPath& path);

  // Of a repository only the part before the last '/' decides which namespace covers it.
  using Folder = std::pair<RegistryId, std::string>;
  struct HashFolder {
    std::size_t operator()(const Folder& folder) const;
  };

  db::Database& database_;
  Pauses pauses_;
  db::Remembered<Folder, std::shared_ptr<const Namespace>, HashFolder> covering_;  // null: none covers it
  db::Remembered<int, std::shared_ptr<const NamespaceMap>> namespaces_;            // one entry each
  db::Remembered<int, bool> anonymous_browsing_;
};

}  // namespace spectacles::access
