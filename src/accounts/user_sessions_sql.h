// Where people are signed in, for themselves and for who looks after them.
#pragma once

#include <optional>
#include <string>

#include "accounts/account.h"
#include "accounts/session.h"
#include "audit/recorder.h"
#include "base/page.h"
#include "db/database.h"

namespace spectacles::accounts {

struct UserSession {
  SessionId id;
  UserName username;
  Time created_at;
  Time seen_at;  // last use, to a minute
  Time expires_at;
  std::string address;
  std::string user_agent;
};

class UserSessions {
 public:
  UserSessions(db::Database& database, const audit::Recorder& recorder, const Clock& clock)
      : database_(database), recorder_(recorder), clock_(clock) {}

  // Those that are not over, of one user or of all, by last use; the key has two parts, both numbers: milliseconds of
  // the last use, and the id.
  Rows<UserSession> list(const std::optional<AccountId>& user, const PageRequest& page);

  // Refuses (not_found) a session that is none of this user's.
  Result<void> end(const Account& user, SessionId session, const audit::Actor& actor);

  // All, or all but one. Returns how many.
  std::int64_t end_all(const Account& user, std::optional<SessionId> but, const audit::Actor& actor);

 private:
  db::Database& database_;
  const audit::Recorder& recorder_;
  const Clock& clock_;
};

}  // namespace spectacles::accounts
