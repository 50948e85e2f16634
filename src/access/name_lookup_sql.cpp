#include "access/name_lookup_sql.h"

#include "accounts/rows_sql.h"

namespace spectacles::access {

NameLookup lookup_in(db::Session& session) {
  return {.find_account = [&session](const UserName& name) -> std::optional<AccountId> {
            const auto account = accounts::rows::find_account(session, name);
            return account ? std::optional(account->id) : std::nullopt;
          },
          .find_group = [&session](const Label& name) -> std::optional<GroupId> {
            const auto group = accounts::rows::find_group(session, name);
            return group ? std::optional(group->id) : std::nullopt;
          }};
}

}  // namespace spectacles::access
