// Sessions of the console: a random value in a cookie, kept as an HMAC, so that they survive a restart and nobody who
// reads the database can use them.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "accounts/account.h"
#include "base/clock.h"
#include "base/secret.h"

namespace spectacles::db {
class Database;
class Session;
}  // namespace spectacles::db

namespace spectacles::accounts {

// A session ends when it was not used for so long, and at the latest so long after sign-in.
constexpr std::chrono::hours session_idle_limit{24};
constexpr std::chrono::hours session_absolute_limit{24 * 14};

// When a session of this age and last use is over.
Time session_expiry(Time created_at, Time seen_at);

struct SignedIn {
  Principal principal;
  SessionId session;
  Time expires_at;
};

class SessionStore {
 public:
  // `secret` is SECRET_KEY; without one a random key is made once and kept in the database. With another key than
  // before all sessions are over.
  SessionStore(db::Database& database, const Clock& clock, const std::optional<Secret>& secret);

  struct Started {
    Secret token;  // the cookie's value
    Time expires_at;
  };

  // A new session with a token of its own, within the caller's transaction.
  Started start(db::Session& session, const Account& account, const std::string& address,
                const std::string& user_agent);

  // Whose session it is, if it is one: not over, and its account not disabled.
  std::optional<SignedIn> find(const Secret& token);

  void end(db::Session& session, SessionId id);

 private:
  std::string hash_of(const Secret& token) const;

  db::Database& database_;
  const Clock& clock_;
  Secret key_;
};

}  // namespace spectacles::accounts
