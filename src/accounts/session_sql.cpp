#include <algorithm>

#include "accounts/rows_sql.h"
#include "accounts/server_key_sql.h"
#include "accounts/session.h"
#include "base/base64.h"
#include "base/unicode.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "db/database.h"

namespace spectacles::accounts {
namespace {

// How stale the time of last use may be: not every request shall write.
constexpr std::chrono::minutes seen_resolution{1};

}  // namespace

Time session_expiry(Time created_at, Time seen_at) {
  return std::min<Time>(created_at + session_absolute_limit, seen_at + session_idle_limit);
}

SessionStore::SessionStore(db::Database& database, const Clock& clock, const std::optional<Secret>& secret)
    : database_(database), clock_(clock), key_(load_or_make_server_key(database, secret)) {}

SessionStore::Started SessionStore::start(db::Session& session, const Account& account, const std::string& address,
                                          const std::string& user_agent) {
  constexpr std::size_t max_user_agent = 200;
  const Time now = clock_.now();
  Secret token(crypto::random_token());
  session.execute("DELETE FROM session WHERE created_at < :created OR seen_at < :seen",
                  Time(now - session_absolute_limit), Time(now - session_idle_limit));
  session.execute(
      "INSERT INTO session (token_hash, account_id, created_at, seen_at, address, user_agent) "
      "VALUES (:hash, :account, :created, :seen, :address, :user_agent)",
      hash_of(token), account.id, now, now, address,
      printable_prefix(std::string_view(user_agent).substr(0, max_user_agent)));
  return {.token = std::move(token), .expires_at = session_expiry(now, now)};
}

std::optional<SignedIn> SessionStore::find(const Secret& token) {
  if (token.empty()) return std::nullopt;
  const Time now = clock_.now();
  bool stale = false;
  auto signed_in = database_.read([&](db::Session& session) -> std::optional<SignedIn> {
    const auto row = session.find<SessionId, AccountId, Time, Time>(
        "SELECT id, account_id, created_at, seen_at FROM session WHERE token_hash = :hash", hash_of(token));
    if (!row) return std::nullopt;
    const auto& [id, account_id, created_at, seen_at] = *row;
    auto account = rows::find_account(session, account_id);
    if (!account || account->disabled || session_expiry(created_at, seen_at) <= now) return std::nullopt;
    stale = now - seen_at >= seen_resolution;
    return SignedIn{.principal = {.account = std::move(account), .groups = rows::groups_of(session, account_id)},
                    .session = id,
                    .expires_at = session_expiry(created_at, now)};
  });
  if (signed_in && stale) {
    database_.write([&](db::Session& session) {
      session.execute("UPDATE session SET seen_at = :now WHERE id = :id", now, signed_in->session);
    });
  }
  return signed_in;
}

void SessionStore::end(db::Session& session, SessionId id) {
  session.execute("DELETE FROM session WHERE id = :id", id);
}

std::string SessionStore::hash_of(const Secret& token) const {
  return to_base64url(crypto::hmac_sha256(key_.reveal(), token.reveal()));
}

}  // namespace spectacles::accounts
