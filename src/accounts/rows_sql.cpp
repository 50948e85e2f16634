#include "accounts/rows_sql.h"

#include <map>

#include "accounts/users_sql.h"
#include "db/insert.h"
#include "db/like.h"
#include "db/query.h"

namespace spectacles::accounts::rows {
namespace {

constexpr std::string_view columns = "SELECT id, username, email, role, disabled, created_at FROM account";

using AccountRow = std::tuple<AccountId, UserName, std::optional<std::string>, std::string, bool, Time>;

std::vector<Account> to_accounts(const std::vector<AccountRow>& rows) {
  std::vector<Account> accounts;
  accounts.reserve(rows.size());
  for (const auto& [id, username, email, role, disabled, created_at] : rows) {
    accounts.push_back({.id = id,
                        .username = username,
                        .email = email,
                        .role = parse_role(role).value(),
                        .disabled = disabled,
                        .created_at = created_at});
  }
  return accounts;
}

template <class... Values>
std::vector<Account> load(db::Session& session, std::string_view rest, const Values&... values) {
  return to_accounts(session.rows<AccountId, UserName, std::optional<std::string>, std::string, bool, Time>(
      std::string(columns).append(" ").append(rest), values...));
}

template <class T>
std::optional<T> first_of(std::vector<T> found) {
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

constexpr std::string_view group_columns = "SELECT id, name, created_at FROM user_group";

using GroupRow = std::tuple<GroupId, Label, Time>;

std::vector<Group> with_members(db::Session& session, const std::vector<GroupRow>& rows) {
  std::vector<Group> groups;
  std::map<GroupId, std::size_t> place;
  for (const auto& [id, name, created_at] : rows) {
    place.emplace(id, groups.size());
    groups.push_back({.id = id, .name = name, .created_at = created_at, .members = {}});
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

template <class... Values>
std::vector<Group> load_groups(db::Session& session, std::string_view rest, const Values&... values) {
  return with_members(
      session, session.rows<GroupId, Label, Time>(std::string(group_columns).append(" ").append(rest), values...));
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

Rows<Account> list_accounts(db::Session& session, const UserFilter& filter, const PageRequest& page) {
  db::Query query(columns);
  if (!filter.search.empty()) query.where(db::matches("username", "pattern"), db::containing(filter.search));
  if (filter.role) query.where("role = :role", render_role(*filter.role));
  if (filter.disabled) query.where("disabled = :disabled", *filter.disabled);
  const bool by_time = page.order.by == "created_at";
  return {.rows = to_accounts(query.rows<AccountId, UserName, std::optional<std::string>, std::string, bool, Time>(
              session, page, {.column = by_time ? "created_at" : "username", .tie = "username", .numeric = by_time})),
          .total = query.count(session)};
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
  session.count_change();
  return AccountId(session.insert(
      "INSERT INTO account (username, email, password_hash, role, disabled, created_at, changed_at) "
      "VALUES (:username, :email, :hash, :role, :disabled, :created, :changed)",
      account.username, account.email, account.password_hash, render_role(account.role), account.disabled, now, now));
}

void insert_accounts(db::Session& session, const std::vector<NewAccount>& accounts, Time now) {
  session.count_change();
  std::vector<db::InsertedRow> rows;
  rows.reserve(accounts.size());
  for (const auto& it : accounts) {
    rows.push_back(db::row(it.username, it.email, it.password_hash, render_role(it.role), it.disabled, now, now));
  }
  db::insert_rows(session, "account (username, email, password_hash, role, disabled, created_at, changed_at)", rows);
}

void update_account(db::Session& session, const Account& account, Time now) {
  session.count_change();
  session.execute(
      "UPDATE account SET email = :email, role = :role, disabled = :disabled, changed_at = :now WHERE id = :id",
      account.email, render_role(account.role), account.disabled, now, account.id);
  if (account.disabled) session.execute("DELETE FROM session WHERE account_id = :id", account.id);
}

void update_password_hash(db::Session& session, AccountId id, const std::string& hash, Time now,
                          std::optional<SessionId> kept_session) {
  session.count_change();
  session.execute("UPDATE account SET password_hash = :hash, changed_at = :now WHERE id = :id", hash, now, id);
  session.execute("DELETE FROM session WHERE account_id = :id AND id <> :kept", id,
                  kept_session ? kept_session->value() : 0);  // no row has the id 0
}

bool owns_namespace(db::Session& session, AccountId id) {
  return session.single<bool>("SELECT EXISTS (SELECT 1 FROM namespace WHERE owner_id = :id)", id);
}

void delete_account(db::Session& session, AccountId id) {
  session.count_change();
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

Rows<Group> list_groups(db::Session& session, std::string_view search, const PageRequest& page) {
  db::Query query(group_columns);
  if (!search.empty()) query.where(db::matches("name", "pattern"), db::containing(search));
  const bool by_time = page.order.by == "created_at";
  const auto rows = query.rows<GroupId, Label, Time>(
      session, page, {.column = by_time ? "created_at" : "name", .tie = "name", .numeric = by_time});
  return {.rows = with_members(session, rows), .total = query.count(session)};
}

GroupId insert_group(db::Session& session, const Label& name, Time now) {
  return GroupId(session.insert("INSERT INTO user_group (name, created_at) VALUES (:name, :now)", name, now));
}

void insert_groups(db::Session& session, const std::vector<Label>& names, Time now) {
  std::vector<db::InsertedRow> rows;
  rows.reserve(names.size());
  for (const auto& name : names) rows.push_back(db::row(name, now));
  db::insert_rows(session, "user_group (name, created_at)", rows);
}

void rename_group(db::Session& session, GroupId id, const Label& name) {
  session.execute("UPDATE user_group SET name = :name WHERE id = :id", name, id);
}

void replace_members(db::Session& session, GroupId id, const std::set<AccountId>& members) {
  session.execute("DELETE FROM user_group_member WHERE group_id = :id", id);
  insert_members(session, {{id, members}});
}

void insert_members(db::Session& session, const std::map<GroupId, std::set<AccountId>>& members) {
  session.count_change();
  std::vector<db::InsertedRow> rows;
  for (const auto& [group, accounts] : members) {
    for (const auto& account : accounts) rows.push_back(db::row(group, account));
  }
  db::insert_rows(session, "user_group_member (group_id, account_id)", rows);
}

void delete_group(db::Session& session, GroupId id) {
  session.count_change();
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

std::vector<Label> group_names_of(db::Session& session, AccountId id) {
  std::vector<Label> names;
  for (const auto& [name] :
       session.rows<Label>("SELECT g.name FROM user_group g JOIN user_group_member m ON m.group_id = g.id "
                           "WHERE m.account_id = :id ORDER BY g.name",
                           id)) {
    names.push_back(name);
  }
  return names;
}

}  // namespace spectacles::accounts::rows
