// What the tests of rights share: one namespace, and who could ask about it.
#pragma once

#include <string>
#include <utility>

#include "access/decide.h"

namespace spectacles::access {

inline const AccountId alice{1};
inline const AccountId someone_else{2};
inline const GroupId builders{10};
inline const GroupId testers{11};

inline Namespace sample_namespace(const std::string& name, AccountId owner = someone_else) {
  return {.id = NamespaceId(1),
          .registry = RegistryId(1),
          .name = NamespaceName::parse(name).value(),
          .owner = owner,
          .owner_name = UserName::parse("owner").value(),
          .description = "",
          .members = {},
          .groups = {},
          .claims = {}};
}

inline Claim claim_of(std::variant<AccountId, GroupId> holder, const std::string& pattern, Level level) {
  const bool of_user = std::holds_alternative<AccountId>(holder);
  return {.holder = holder,
          .pattern = Pattern::parse(pattern).value(),
          .level = level,
          .holder_name = of_user ? "alice" : "builders"};
}

inline RepositoryPath path_of(const std::string& text) {
  return RepositoryPath::parse(text).value();
}

}  // namespace spectacles::access
