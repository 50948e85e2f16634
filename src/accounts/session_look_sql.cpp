#include "accounts/session_look_sql.h"

#include "accounts/rows_sql.h"

namespace spectacles::accounts {

std::optional<SignedIn> look_at_session(db::Database& database, SessionId id, Time now) {
  return database.read([&](db::Session& session) -> std::optional<SignedIn> {
    const auto row =
        session.find<AccountId, Time, Time>("SELECT account_id, created_at, seen_at FROM session WHERE id = :id", id);
    if (!row) return std::nullopt;
    const auto& [account_id, created_at, seen_at] = *row;
    auto account = rows::find_account(session, account_id);
    const auto expires_at = session_expiry(created_at, seen_at);
    if (!account || account->disabled || expires_at <= now) return std::nullopt;
    return SignedIn{.principal = {.account = std::move(account), .groups = rows::groups_of(session, account_id)},
                    .session = id,
                    .expires_at = expires_at};
  });
}

}  // namespace spectacles::accounts
