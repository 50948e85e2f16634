// What administrators and people themselves do with accounts: each a transaction that holds its event too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "accounts/account.h"
#include "accounts/belongings.h"
#include "accounts/password.h"
#include "accounts/throttle.h"
#include "accounts/user_change.h"
#include "audit/recorder.h"
#include "audit/revision.h"
#include "base/page.h"
#include "db/database.h"

namespace spectacles::accounts {

struct NewUser {
  UserName username;
  Secret password;  // accepted by parse_new_password
  std::optional<std::string> email;
  Role role = Role::user;
};

// Which users a list shows; what is left out does not matter.
struct UserFilter {
  std::string search;  // a part of the name
  std::optional<Role> role = {};
  std::optional<bool> disabled = {};
};

struct UserView {
  Account account;
  audit::Revision revision;
  std::vector<Label> groups;  // in order
};

// Who changes a password, and how he proves that he may.
struct PasswordChange {
  Secret password;  // accepted by parse_new_password
  // For one's own password: the old one and the session that stays.
  struct Own {
    Secret current;
    SessionId session;
  };
  std::optional<Own> own = {};
};

// Functions refuse (not_found) an id that does not exist, and (stale) a revision that is not the expected one.
class UserStore {
 public:
  UserStore(db::Database& database, PasswordHasher& hasher, const audit::Recorder& recorder, const Clock& clock,
            Belongings& belongings, Throttle& throttle)
      : database_(database),
        hasher_(hasher),
        recorder_(recorder),
        clock_(clock),
        belongings_(belongings),
        throttle_(throttle) {}

  // Refuses (conflict) a name that is taken, and (invalid) a password that is the user's own name.
  Result<Account> create(const NewUser& user, const audit::Actor& actor);

  std::optional<UserView> find(AccountId id);
  std::optional<Account> find(const UserName& username);
  // Sorted by "username" (one part of key) or "created_at" (two).
  Rows<Account> list(const UserFilter& filter, const PageRequest& page);

  // Whether `who` may see the names of all users and groups: who reads everything, and who has members to choose.
  bool may_choose(const Principal& who);

  // Refuses (conflict) to take the last active administrator his role or his account. Who is disabled loses his
  // sessions.
  Result<UserView> change(AccountId id, const UserChange& change, const audit::ExpectedRevision& expected,
                          const audit::Actor& actor);

  // Ends all sessions of the user but `own->session`. Refuses (forbidden, "current_password") a wrong old password,
  // which is recorded too, and (too_many) who has failed too often.
  Result<void> change_password(AccountId id, const PasswordChange& change, const audit::Actor& actor);

  // What the user owns goes to `heir`; without one, refuses (conflict) while there is something. Refuses (invalid,
  // "transfer_to") an heir who does not exist, is disabled or is the user himself, and (conflict) to delete the last
  // active administrator.
  Result<void> remove(AccountId id, const std::optional<UserName>& heir, const audit::ExpectedRevision& expected,
                      const audit::Actor& actor);

 private:
  Result<void> verify_own(const Account& account, const std::string& stored, const Secret& current,
                          const audit::Actor& actor);

  db::Database& database_;
  PasswordHasher& hasher_;
  const audit::Recorder& recorder_;
  const Clock& clock_;
  Belongings& belongings_;
  Throttle& throttle_;
};

}  // namespace spectacles::accounts
