#include "declare/stored.h"

#include <unordered_map>

#include "access/rows_sql.h"
#include "accounts/rows_sql.h"
#include "registries/rows_sql.h"

namespace spectacles::declare {
namespace {

// One query instead of one for each account.
std::unordered_map<AccountId, std::string> load_password_hashes(db::Session& session) {
  std::unordered_map<AccountId, std::string> out;
  for (auto& [id, hash] : session.rows<AccountId, std::string>("SELECT id, password_hash FROM account")) {
    out.emplace(id, std::move(hash));
  }
  return out;
}

class Loader {
 public:
  explicit Loader(db::Session& session) : session_(session) {}

  Stored load() {
    load_registries();
    load_users();
    load_groups();
    for (const auto& row : access::rows::all_namespaces(session_)) add(row);
    return std::move(out_);
  }

 private:
  void load_registries() {
    for (const auto& row : registries::rows::all_registries(session_)) {
      out_.registry_ids.emplace(row.name, row.id);
      registry_names_.emplace(row.id, row.name);
      out_.world.registries.emplace(row.name,
                                    Registry{row.name, row.address, row.public_host, row.service, row.key_mode});
    }
  }

  void load_users() {
    auto hashes = load_password_hashes(session_);
    for (const auto& row : accounts::rows::all_accounts(session_)) {
      out_.account_ids.emplace(row.username, row.id);
      user_names_.emplace(row.id, row.username);
      out_.world.users.emplace(row.username,
                               User{row.username, row.role, row.email, row.disabled, std::move(hashes.at(row.id))});
    }
  }

  void load_groups() {
    for (const auto& row : accounts::rows::all_groups(session_)) {
      out_.group_ids.emplace(row.name, row.id);
      group_names_.emplace(row.id, row.name);
      out_.world.groups.emplace(row.name, Group{row.name, row.members});
    }
  }

  void add(const access::Namespace& row) {
    Namespace ns{registry_names_.at(row.registry),
                 row.name,
                 row.owner_name,
                 row.description,
                 row.member_access,
                 row.group_access,
                 row.other_access,
                 row.anonymous_access,
                 {},
                 {},
                 {}};
    for (const AccountId id : row.members) ns.members.insert(user_names_.at(id));
    for (const GroupId id : row.groups) ns.groups.insert(group_names_.at(id));
    for (const auto& claim : row.claims) ns.claims.insert({name_of(claim.holder), claim.pattern, claim.level});
    const NamespaceKey key{ns.registry, ns.name};
    out_.namespace_ids.emplace(key, row.id);
    out_.world.namespaces.emplace(key, std::move(ns));
  }

  Holder name_of(const std::variant<AccountId, GroupId>& holder) const {
    if (const auto* account = std::get_if<AccountId>(&holder)) return user_names_.at(*account);
    return group_names_.at(std::get<GroupId>(holder));
  }

  db::Session& session_;
  Stored out_;
  std::unordered_map<RegistryId, Label> registry_names_;
  std::unordered_map<AccountId, UserName> user_names_;
  std::unordered_map<GroupId, Label> group_names_;
};

}  // namespace

Stored load_stored(db::Session& session) {
  return Loader(session).load();
}

}  // namespace spectacles::declare
