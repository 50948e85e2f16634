// Statements on accounts, groups and sessions: rows in, rows out, no rules. Each takes the session of the caller's
// transaction and throws db::Error.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/account.h"
#include "base/page.h"
#include "db/session.h"

namespace spectacles::accounts {
struct UserFilter;
}

namespace spectacles::accounts::rows {

bool any_account(db::Session& session);
std::optional<Account> find_account(db::Session& session, AccountId id);
std::optional<Account> find_account(db::Session& session, const UserName& username);
std::vector<Account> all_accounts(db::Session& session);  // by name

// As UserStore::list.
Rows<Account> list_accounts(db::Session& session, const UserFilter& filter, const PageRequest& page);

std::optional<std::string> find_password_hash(db::Session& session, AccountId id);
std::int64_t count_active_administrators(db::Session& session);

struct NewAccount {
  UserName username;
  std::optional<std::string> email;
  std::string password_hash;  // Argon2id, PHC form
  Role role = Role::user;
  bool disabled = false;
};

// Throws db::UniqueViolation when the name is taken.
AccountId insert_account(db::Session& session, const NewAccount& account, Time now);

// Many at once; their ids are in all_accounts().
void insert_accounts(db::Session& session, const std::vector<NewAccount>& accounts, Time now);

// Writes e-mail, role and disabled of `account`. A disabled account loses its sessions.
void update_account(db::Session& session, const Account& account, Time now);

// Also ends the account's sessions, all or all but one.
void update_password_hash(db::Session& session, AccountId id, const std::string& hash, Time now,
                          std::optional<SessionId> kept_session = {});

// Whether the account owns any namespace, and so has members to choose.
bool owns_namespace(db::Session& session, AccountId id);

// Throws db::ForeignKeyViolation while the account owns a namespace.
void delete_account(db::Session& session, AccountId id);

std::optional<Group> find_group(db::Session& session, GroupId id);
std::optional<Group> find_group(db::Session& session, const Label& name);
std::vector<Group> all_groups(db::Session& session);  // by name, with members
Rows<Group> list_groups(db::Session& session, std::string_view search, const PageRequest& page);  // as GroupStore::list
GroupId insert_group(db::Session& session, const Label& name, Time now);

// Many at once, without members; their ids are in all_groups().
void insert_groups(db::Session& session, const std::vector<Label>& names, Time now);

void rename_group(db::Session& session, GroupId id, const Label& name);  // throws db::UniqueViolation: taken
void replace_members(db::Session& session, GroupId id, const std::set<AccountId>& members);

// Of groups that have none yet.
void insert_members(db::Session& session, const std::map<GroupId, std::set<AccountId>>& members);

void delete_group(db::Session& session, GroupId id);

// The groups that an account belongs to.
std::set<GroupId> groups_of(db::Session& session, AccountId id);
std::vector<Label> group_names_of(db::Session& session, AccountId id);  // in order

}  // namespace spectacles::accounts::rows
