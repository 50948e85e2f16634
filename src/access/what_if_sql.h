// Questions about many at once: who may do this, what may he do. Each is answered by the decision that a token would be
// granted by, on what is so at one moment. Without an asker: the operator.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "access/question.h"
#include "access/reach.h"
#include "access/who.h"
#include "accounts/account.h"
#include "db/database.h"

namespace spectacles::access {

// Who may do all of this here? `repository` may be a pattern: then on which of the known repositories.
struct WhoQuestion {
  std::optional<std::string> registry;  // its name; may be left out while there is only one
  std::string repository;               // with or without the registry's public host
  ActionSet requested;
};

struct WhoAnswer {
  std::vector<Grantee> grantees;
  bool is_pattern = false;
  std::size_t repositories = 1;  // how many were asked about
};

// What may this user do? Absent: nobody signed in.
struct ReachQuestion {
  std::optional<std::string> registry;  // its name; left out: all of them
  std::optional<UserName> user;
};

class WhatIfStore {
 public:
  explicit WhatIfStore(db::Database& database) : database_(database) {}

  // Owners may ask about their namespaces (a pattern is then about what lies in these), who reads everything about all.
  // Refuses (not_found) others, and (invalid, by field) what is no question.
  Result<WhoAnswer> who(const WhoQuestion& question, const std::optional<accounts::Principal>& asker);

  // Everybody may ask about himself; owners about others in their namespaces, who reads everything about all. Refuses
  // as who() does.
  Result<std::vector<Reach>> reach(const ReachQuestion& question, const std::optional<accounts::Principal>& asker);
  // The known repositories, by registry and name.
  Result<std::vector<ReachedRepository>> reach_repositories(const ReachQuestion& question,
                                                            const std::optional<accounts::Principal>& asker);

 private:
  db::Database& database_;
};

}  // namespace spectacles::access
