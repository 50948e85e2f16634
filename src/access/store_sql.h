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

// The decision of a token request, without looking anything up.
Decision decide_for_token(const accounts::Principal& who, const Namespace* covering, const std::optional<Pause>& pause,
                          const RepositoryPath& path, ActionSet requested);

class AccessStore {
 public:
  AccessStore(db::Database& database, db::Generation& generation);

  // The namespace that decides on a repository, null where none covers it, and the pause that the registry is in: what
  // the decision of a token request rests on. What this program has committed, and what others had half a second ago.
  std::shared_ptr<const Namespace> find_covering(RegistryId registry, const RepositoryPath& path);
  std::optional<Pause> find_pause(RegistryId registry) { return pauses_.find(registry); }

  // Both looked up and decided on.
  Decision decide_on(const accounts::Principal& who, RegistryId registry, const RepositoryPath& path,
                     ActionSet requested);

  // Refuses (invalid) a question about what does not exist, naming it, and (not_found) one that `asker` may not ask:
  // about others outside his own namespaces, unless he reads everything. Without an asker: the operator.
  Result<Explanation> explain(const Question& question, const std::optional<accounts::Principal>& asker);

  // All namespaces of all registries, as new as decide_on.
  std::shared_ptr<const NamespaceMap> namespaces();

  // Whether who is not signed in may look at what he may pull, as new as decide_on.
  bool allows_anonymous_browsing();

 private:
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
