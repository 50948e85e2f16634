#include "declare/execute.h"

#include <boost/json/object.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <vector>

#include "access/describe.h"
#include "access/rows_sql.h"
#include "accounts/rows_sql.h"
#include "registries/rows_sql.h"

namespace spectacles::declare {
namespace {

class Executor {
 public:
  Executor(db::Session& session, const Stored& stored, Time now) : session_(session), ids_(stored), now_(now) {}

  // Changes of one kind, in which nothing depends on another.
  void make(std::span<const Change> changes) {
    switch (changes.front().kind()) {
      case Kind::registry:
        return make<Registry>(changes);
      case Kind::user:
        return make<User>(changes);
      case Kind::group:
        return make<Group>(changes);
      case Kind::name_space:
        return make<Namespace>(changes);
    }
  }

  // A service may pass from one registry to another that keeps its name, even both ways; row by row it would be there
  // twice for a moment. So whoever gets a new one first gives up the old one.
  void release_services(const Plan& plan) {
    for (const Change& change : plan.changes) {
      if (change.kind() != Kind::registry || change.verb() != Verb::update) continue;
      Registry registry = std::get<Registry>(*change.before);
      if (registry.service == std::get<Registry>(*change.after).service) continue;
      const RegistryId id = ids_.registry_ids.at(registry.name);
      registry.service =
          ServiceName::parse(fmt::format("(apply changes the service of registry {})", id.value())).value();
      registries::rows::update_registry(session_, row(registry, id), now_);
    }
  }

  // Of one that is there or was, for its event.
  NamespaceId id_of(const Namespace& it) const { return ids_.namespace_ids.at({it.registry, it.name}); }

 private:
  template <class T>
  void make(std::span<const Change> changes) {
    std::vector<T> created;
    for (const Change& change : changes) {
      switch (change.verb()) {
        case Verb::create:
          created.push_back(std::get<T>(*change.after));
          break;
        case Verb::update:
          update(std::get<T>(*change.before), std::get<T>(*change.after));
          break;
        case Verb::remove:
          remove(std::get<T>(*change.before));
          break;
      }
    }
    if (!created.empty()) create(created);
  }

  void create(const std::vector<Registry>& all) {
    for (const Registry& it : all) {
      const auto id = registries::rows::insert_registry(session_, row(it, RegistryId(0)), now_);
      ids_.registry_ids.insert_or_assign(it.name, id);
    }
  }
  void update(const Registry& /*before*/, const Registry& it) {
    registries::rows::update_registry(session_, row(it, ids_.registry_ids.at(it.name)), now_);
  }
  void remove(const Registry& it) { registries::rows::delete_registry(session_, ids_.registry_ids.at(it.name)); }

  void create(const std::vector<User>& all) {
    std::vector<accounts::rows::NewAccount> accounts;
    accounts.reserve(all.size());
    for (const User& it : all) {
      accounts.push_back({.username = it.username,
                          .email = it.email,
                          .password_hash = it.password_hash,
                          .role = it.role,
                          .disabled = it.disabled});
    }
    accounts::rows::insert_accounts(session_, accounts, now_);
    for (const auto& account : accounts::rows::all_accounts(session_)) {
      ids_.account_ids.insert_or_assign(account.username, account.id);
    }
  }
  void update(const User& before, const User& it) {
    const AccountId id = ids_.account_ids.at(it.username);
    if (before.email != it.email || before.role != it.role || before.disabled != it.disabled) {
      accounts::rows::update_account(session_,
                                     {.id = id,
                                      .username = it.username,
                                      .email = it.email,
                                      .role = it.role,
                                      .disabled = it.disabled,
                                      .created_at = {}},
                                     now_);
    }
    if (before.password_hash != it.password_hash) {
      accounts::rows::update_password_hash(session_, id, it.password_hash, now_);
    }
  }
  void remove(const User& it) { accounts::rows::delete_account(session_, ids_.account_ids.at(it.username)); }

  void create(const std::vector<Group>& all) {
    std::vector<Label> names;
    names.reserve(all.size());
    for (const Group& it : all) names.push_back(it.name);
    accounts::rows::insert_groups(session_, names, now_);
    for (const auto& group : accounts::rows::all_groups(session_)) {
      ids_.group_ids.insert_or_assign(group.name, group.id);
    }
    std::map<GroupId, std::set<AccountId>> members;
    for (const Group& it : all) members.emplace(ids_.group_ids.at(it.name), account_ids(it.members));
    accounts::rows::insert_members(session_, members);
  }
  void update(const Group& /*before*/, const Group& it) {
    accounts::rows::replace_members(session_, ids_.group_ids.at(it.name), account_ids(it.members));
  }
  void remove(const Group& it) { accounts::rows::delete_group(session_, ids_.group_ids.at(it.name)); }

  void create(const std::vector<Namespace>& all) {
    std::vector<access::Namespace> namespaces;
    namespaces.reserve(all.size());
    for (const Namespace& it : all) namespaces.push_back(row(it, NamespaceId(0)));
    const auto ids = access::rows::insert_namespaces(session_, namespaces, now_);
    for (std::size_t at = 0; at < all.size(); ++at) {
      ids_.namespace_ids.insert_or_assign(NamespaceKey{all[at].registry, all[at].name}, ids[at]);
    }
  }
  void update(const Namespace& /*before*/, const Namespace& it) {
    access::rows::update_namespace(session_, row(it, ids_.namespace_ids.at({it.registry, it.name})), now_);
  }
  void remove(const Namespace& it) {
    access::rows::delete_namespace(session_, ids_.namespace_ids.at({it.registry, it.name}));
  }

  static registries::Registry row(const Registry& it, RegistryId id) {
    return {id, it.name, it.address, it.public_host, it.service, it.key_mode};
  }

  access::Namespace row(const Namespace& it, NamespaceId id) const {
    access::Namespace out{.id = id,
                          .registry = ids_.registry_ids.at(it.registry),
                          .name = it.name,
                          .owner = ids_.account_ids.at(it.owner),
                          .owner_name = it.owner,
                          .description = it.description,
                          .member_access = it.member_access,
                          .group_access = it.group_access,
                          .other_access = it.other_access,
                          .anonymous_access = it.anonymous_access,
                          .members = account_ids(it.members),
                          .groups = {},
                          .claims = {}};
    for (const Label& group : it.groups) out.groups.insert(ids_.group_ids.at(group));
    for (const Claim& claim : it.claims) out.claims.push_back(row(claim));
    return out;
  }

  access::Claim row(const Claim& it) const {
    if (const auto* user = std::get_if<UserName>(&it.holder)) {
      return {ids_.account_ids.at(*user), it.repository, it.access, user->str()};
    }
    const Label& group = std::get<Label>(it.holder);
    return {ids_.group_ids.at(group), it.repository, it.access, group.str()};
  }

  std::set<AccountId> account_ids(const std::set<UserName>& names) const {
    std::set<AccountId> out;
    for (const UserName& name : names) out.insert(ids_.account_ids.at(name));
    return out;
  }

  db::Session& session_;
  Stored ids_;  // grows with what is created
  Time now_;
};

std::string_view render_participle(Verb verb) {
  switch (verb) {
    case Verb::create:
      return "created";
    case Verb::update:
      return "changed";
    case Verb::remove:
      return "deleted";
  }
  return "";
}

const Namespace& namespace_of(const Change& change) {
  return std::get<Namespace>(change.after ? *change.after : *change.before);
}

std::string subject_of(const Change& change) {
  if (change.kind() != Kind::name_space) return change.name();
  const auto& ns = namespace_of(change);
  return access::subject_line(ns.registry, ns.name);
}

audit::Event event_of(const Change& change, const Executor& executor) {
  boost::json::object before;
  boost::json::object after;
  for (const Detail& detail : change.details()) {
    if (change.before && !detail.before.is_null()) before[detail.key] = detail.before;
    if (change.after && !detail.after.is_null()) after[detail.key] = detail.after;
  }
  audit::Event event{.action = fmt::format("{}.{}", render_kind(change.kind()), render_participle(change.verb())),
                     .subject = subject_of(change)};
  if (change.kind() == Kind::name_space) event.ns = executor.id_of(namespace_of(change));
  if (change.before) event.before = std::move(before);
  if (change.after) event.after = std::move(after);
  return event;
}

}  // namespace

void execute(db::Session& session, const Plan& plan, const Stored& stored, const audit::Recorder& recorder, Time now) {
  Executor executor(session, stored, now);
  executor.release_services(plan);
  const auto of_one_kind = [](const Change& a, const Change& b) {
    return a.kind() == b.kind() && (a.verb() == Verb::remove) == (b.verb() == Verb::remove);
  };
  std::vector<audit::Event> events;
  events.reserve(plan.changes.size());
  for (auto first = plan.changes.begin(); first != plan.changes.end();) {
    const auto last =
        std::find_if_not(first, plan.changes.end(), [&](const Change& change) { return of_one_kind(*first, change); });
    executor.make({first, last});
    for (; first != last; ++first) events.push_back(event_of(*first, executor));
  }
  recorder.record(session, audit::Actor::command_line(), events);
}

}  // namespace spectacles::declare
