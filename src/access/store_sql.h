// What can be done with namespaces, and the one way to ask about rights. Each change is a transaction that holds its
// event too.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "access/decide.h"
#include "access/namespace.h"
#include "access/rows_sql.h"
#include "access/visible.h"
#include "accounts/account.h"
#include "audit/recorder.h"
#include "db/database.h"

namespace spectacles::access {

// A custom right as it is asked for: by the name of a user or a group.
struct ClaimRequest {
  std::variant<UserName, Label> holder;
  Pattern pattern;
  Level level = Level::none;
};

// What is left out stays as it is; a list that is given is the whole list.
struct NamespaceChange {
  std::optional<UserName> owner = {};
  std::optional<std::string> description = {};
  std::optional<Level> member_access = {};
  std::optional<Level> group_access = {};
  std::optional<Level> other_access = {};
  std::optional<Level> anonymous_access = {};
  std::optional<std::vector<UserName>> members = {};
  std::optional<std::vector<Label>> groups = {};
  std::optional<std::vector<ClaimRequest>> claims = {};
};

struct VisibleNamespace {
  Namespace ns;
  Label registry_name;
  bool manageable = false;        // the caller may change it
  std::vector<UserName> members;  // the names of ns.members and ns.groups, if the caller may see them
  std::vector<Label> groups;
};

struct CreatedNamespace {
  VisibleNamespace created;
  std::vector<RepositoryPath> moved;  // known repositories that it covers from now on, at most 100
};

// May this user do this here? `user` absent: nobody signed in.
struct Question {
  std::optional<std::string> registry;  // its name; may be left out while there is only one
  std::optional<UserName> user;
  std::string repository;  // with or without the registry's public host
  ActionSet requested;
};

struct Explanation {
  Decision decision;
  Label registry;
  std::optional<NamespaceName> ns;
  std::optional<UserName> user;
  RepositoryPath repository;
  std::vector<UserName> who_can_grant;  // the owner of the namespace, then the administrators
};

// "pull", "push,delete" or "*". Refuses others.
Result<ActionSet> parse_actions(std::string_view text);

class AccessStore {
 public:
  AccessStore(db::Database& database, const audit::Recorder& recorder, const Clock& clock)
      : database_(database), recorder_(recorder), clock_(clock) {}

  // The decision of a token request, on what is committed now.
  Decision decide_on(const accounts::Principal& who, RegistryId registry, const RepositoryPath& path,
                     ActionSet requested);

  // Refuses (invalid) a question about what does not exist, naming it, and (not_found) one that `asker` may not ask:
  // about others outside his own namespaces, unless he reads everything. Without an asker: the operator.
  Result<Explanation> explain(const Question& question, const std::optional<accounts::Principal>& asker);

  NamespaceMap load_all();
  std::vector<VisibleNamespace> list_visible(const accounts::Principal& who);
  std::optional<VisibleNamespace> find_visible(NamespaceId id, const accounts::Principal& who);

  // Administrators may create anywhere, others inside the nearest enclosing namespace if they own it.
  Result<CreatedNamespace> create(const std::string& registry, const NamespaceName& name, const NamespaceChange& wanted,
                                  const accounts::Principal& who, const audit::Actor& actor);
  // Owners and administrators; to others it does not exist (not_found) or is not theirs (forbidden).
  Result<VisibleNamespace> change(NamespaceId id, const NamespaceChange& wanted, const accounts::Principal& who,
                                  const audit::Actor& actor);
  Result<void> remove(NamespaceId id, const accounts::Principal& who, const audit::Actor& actor);

 private:
  db::Database& database_;
  const audit::Recorder& recorder_;
  const Clock& clock_;
};

}  // namespace spectacles::access
