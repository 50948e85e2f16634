#include "accounts/rows_sql.h"

#include <map>

#include "db/like.h"

namespace spectacles::accounts::rows {
namespace {

constexpr std::string_view columns = "SELECT id, username, email, role, disabled, created_at FROM account ";

template <class... Values>
std::vector<Account> load(db::Session& session, std::string_view where, const Values&... values) {
  std::vector<Account> accounts;
  for (const auto& [id, username, email, role, disabled, created_at] :
       session.rows<AccountId, UserName, std::optional<std::string>, std::string, bool, Time>(
           std::string(columns) + std::string(where), values...)) {
    accounts.push_back({.id = id,
                        .username = username,
                        .email = email,
                        .role = parse_role(role).value(),
                        .disabled = disabled,
                        .created_at = created_at});
  }
  return accounts;
}

template <class T>
std::optional<T> first_of(std::vector<T> found) {
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

template <class... Values>
std::vector<Group> load_groups(db::Session& session, std::string_view where, const Values&... values) {
  std::vector<Group> groups;
  std::map<GroupId, std::size_t> place;
  for (const auto& [id, name] :
       session.rows<GroupId, Label>("SELECT id, name FROM user_group " + std::string(where), values...)) {
    place.emplace(id, groups.size());
    groups.push_back({.id = id, .name = name, .members = {}});
  }
  const std::string members =
      "SELECT m.group_id, a.username FROM user_group_member m JOIN account a ON a.id = m.account_id";
  const auto add = [&](GroupId id, const UserName& member) {
    if (const auto at = place.find(id); at != place.end()) groups[at->second].members.insert(member);
  };
  if (groups.size() == 1) {
    for (const auto& [id, member] :
         session.rows<GroupId, UserName>(members + " WHERE m.group_id = :id", groups.front().id)) {
      add(id, member);
    }
  } else if (!groups.empty()) {
    for (const auto& [id, member] : session.rows<GroupId, UserName>(members)) add(id, member);
  }
  return groups;
}

}  // namespace

bool any_account(db::Session& session) {
  return session.single<bool>("SELECT EXISTS (SELECT 1 FROM account)");
}

std::optional<Account> find_account(db::Session& session, AccountId id) {
  return first_of(load(session, "WHERE id = :id", id));
}

std::optional<Account> find_account(db::Session& session, const UserName& username) {
  return first_of(load(session, "WHERE username = :username", username));
}

std::vector<Account> all_accounts(db::Session& session) {
  return load(session, "ORDER BY username");
}

std::vector<Account> search_accounts(db::Session& session, std::string_view like, std::string_view after,
                                     std::size_t limit) {
  return load(session,
              "WHERE " + db::matches("username", "pattern") + " AND username > :after ORDER BY username LIMIT :count",
              like, after, static_cast<std::int64_t>(limit));
}

std::int64_t count_accounts(db::Session& session, std::string_view like) {
  return session.single<std::int64_t>("SELECT count(*) FROM account WHERE " + db::matches("username", "pattern"), like);
}

std::optional<std::string> find_password_hash(db::Session& session, AccountId id) {
  const auto row = session.find<std::string>("SELECT password_hash FROM account WHERE id = :id", id);
  if (!row) return std::nullopt;
  return std::get<0>(*row);
}

std::int64_t count_active_administrators(db::Session& session) {
  return session.single<std::int64_t>("SELECT count(*) FROM account WHERE role = 'admin' AND disabled = 0");
}

AccountId insert_account(db::Session& session, const NewAccount& account, Time now) {
  return AccountId(session.insert(
      "INSERT INTO account (username, email, password_hash, role, disabled, created_at, changed_at) "
      "VALUES (:username, :email, :hash, :role, :disabled, :created, :changed)",
      account.username, account.email, account.password_hash, render_role(account.role), account.disabled, now, now));
}

void update_account(db::Session& session, const Account& account, Time now) {
  session.execute(
      "UPDATE account SET email = :email, role = :role, disabled = :disabled, changed_at = :now WHERE id = :id",
      account.email, render_role(account.role), account.disabled, now, account.id);
  if (account.disabled) session.execute("DELETE FROM session WHERE account_id = :id", account.id);
}

void update_password_hash(db::Session& session, AccountId id, const std::string& hash, Time now) {
  session.execute("UPDATE account SET password_hash = :hash, changed_at = :now WHERE id = :id", hash, now, id);
  session.execute("DELETE FROM session WHERE account_id = :id", id);
}

bool owns_namespace(db::Session& session, AccountId id) {
  return session.single<bool>("SELECT EXISTS (SELECT 1 FROM namespace WHERE owner_id = :id)", id);
}

void delete_account(db::Session& session, AccountId id) {
  session.execute("DELETE FROM account WHERE id = :id", id);
}

std::optional<Group> find_group(db::Session& session, GroupId id) {
  return first_of(load_groups(session, "WHERE id = :id", id));
}

std::optional<Group> find_group(db::Session& session, const Label& name) {
  return first_of(load_groups(session, "WHERE name = :name", name));
}

std::vector<Group> all_groups(db::Session& session) {
  return load_groups(session, "ORDER BY name");
}

std::vector<Group> search_groups(db::Session& session, std::string_view like, std::string_view after,
                                 std::size_t limit) {
  return load_groups(session,
                     "WHERE " + db::matches("name", "pattern") + " AND name > :after ORDER BY name LIMIT :count", like,
                     after, static_cast<std::int64_t>(limit));
}

std::int64_t count_groups(db::Session& session, std::string_view like) {
  return session.single<std::int64_t>("SELECT count(*) FROM user_group WHERE " + db::matches("name", "pattern"), like);
}

GroupId insert_group(db::Session& session, const Label& name, Time now) {
  return GroupId(session.insert("INSERT INTO user_group (name, created_at) VALUES (:name, :now)", name, now));
}

void replace_members(db::Session& session, GroupId id, const std::set<AccountId>& members) {
  session.execute("DELETE FROM user_group_member WHERE group_id = :id", id);
  for (const auto& member : members) {
    session.execute("INSERT INTO user_group_member (group_id, account_id) VALUES (:id, :member)", id, member);
  }
}

void delete_group(db::Session& session, GroupId id) {
  session.execute("DELETE FROM user_group WHERE id = :id", id);
}

std::set<GroupId> groups_of(db::Session& session, AccountId id) {
  std::set<GroupId> groups;
  for (const auto& [group] :
       session.rows<GroupId>("SELECT group_id FROM user_group_member WHERE account_id = :id", id)) {
    groups.insert(group);
  }
  return groups;
}

}  // namespace spectacles::accounts::rows
