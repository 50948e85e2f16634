// How people come in: registration, sign-in, sign-out. Each is a transaction that holds its event too.
#pragma once

#include <optional>
#include <string>

#include "accounts/account.h"
#include "accounts/authenticate.h"
#include "accounts/password.h"
#include "accounts/session.h"
#include "accounts/users_sql.h"
#include "audit/recorder.h"
#include "db/database.h"

namespace spectacles::accounts {

// Who may make an account for himself.
enum class Registration { first, open, closed };

std::string_view render_registration(Registration registration);

struct SessionStart {
  Account account;
  SessionStore::Started session;
};

// Where a request came from.
struct Origin {
  std::string address;
  std::string user_agent;
};

class AccountStore {
 public:
  AccountStore(db::Database& database, PasswordHasher& hasher, SessionStore& sessions, const audit::Recorder& recorder,
               const Clock& clock, Belongings& belongings, Authenticator& authenticator, bool registration_enabled);

  Registration registration();

  // Makes an account and signs it in. The first account of all is an administrator; two at once are never both the
  // first. Refuses when registration is closed (forbidden), the name is taken (conflict) or the password is the user's
  // own name (invalid).
  Result<SessionStart> register_user(const NewUser& user, const Origin& origin);

  // Refuses (unauthenticated) as Authenticator does; that is recorded too.
  Result<SessionStart> sign_in(std::string_view username, const Secret& password, const Origin& origin);
  void sign_out(const SignedIn& signed_in, const Origin& origin);

 private:
  db::Database& database_;
  PasswordHasher& hasher_;
  SessionStore& sessions_;
  const audit::Recorder& recorder_;
  const Clock& clock_;
  Belongings& belongings_;
  bool registration_enabled_;
  Authenticator& authenticator_;
};

}  // namespace spectacles::accounts
