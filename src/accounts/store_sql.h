// What can be done with accounts and groups: each a transaction that holds its event too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "accounts/account.h"
#include "accounts/authenticate.h"
#include "accounts/password.h"
#include "accounts/session.h"
#include "audit/recorder.h"
#include "db/database.h"

namespace spectacles::accounts {

// Who may make an account for himself.
enum class Registration { first, open, closed };

std::string_view render_registration(Registration registration);

struct NewUser {
  UserName username;
  Secret password;  // accepted by parse_new_password
  std::optional<std::string> email;
  Role role = Role::user;
};

struct SessionStart {
  Account account;
  SessionStore::Started session;
};

// Where a request came from.
struct Origin {
  std::string address;
  std::string user_agent;
};

template <class T>
struct Rows {
  std::vector<T> rows;  // one more than asked for, if there are more
  std::int64_t total = 0;
};

class AccountStore {
 public:
  AccountStore(db::Database& database, PasswordHasher& hasher, SessionStore& sessions, const audit::Recorder& recorder,
               const Clock& clock, bool registration_enabled);

  Registration registration();

  // Makes an account and signs it in. The first account of all is an administrator; two at once are never both the
  // first. Refuses when registration is closed (forbidden) or the name is taken (conflict).
  Result<SessionStart> register_user(const NewUser& user, const Origin& origin);

  // Refuses (unauthenticated) as Authenticator does; that is recorded too.
  Result<SessionStart> sign_in(std::string_view username, const Secret& password, const Origin& origin);
  void sign_out(const SignedIn& signed_in, const Origin& origin);

  // Refuses (conflict) a name that is taken.
  Result<Account> create_user(const NewUser& user, const audit::Actor& actor);
  // Whether `who` may see the names of all users and groups: who reads everything, and who has members to choose.
  bool may_choose(const Principal& who);
  std::optional<Account> find_user(AccountId id);
  Rows<Account> list_users(const std::string& search, const std::string& after, std::size_t limit);

  // Refuses (conflict) a name that is taken, and (invalid, "members[i]") who does not exist.
  Result<Group> create_group(const Label& name, const std::vector<UserName>& members, const audit::Actor& actor);
  std::optional<Group> find_group(GroupId id);
  Rows<Group> list_groups(const std::string& search, const std::string& after, std::size_t limit);

 private:
  db::Database& database_;
  PasswordHasher& hasher_;
  SessionStore& sessions_;
  const audit::Recorder& recorder_;
  const Clock& clock_;
  bool registration_enabled_;
  Authenticator authenticator_;
};

}  // namespace spectacles::accounts
