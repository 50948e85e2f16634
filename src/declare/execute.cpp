#include "declare/execute.h"

#include <boost/json/object.hpp>

#include <fmt/format.h>

#include "access/describe.h"
#include "access/rows_sql.h"
#include "accounts/rows_sql.h"
#include "registries/rows_sql.h"

namespace spectacles::declare {
namespace {

class Executor {
 public:
  Executor(db::Session& session, const Stored& stored, Time now) : session_(session), ids_(stored), now_(now) {}

  void create(const Registry& it) {
    ids_.registry_ids.insert_or_assign(it.name,
                                       registries::rows::insert_registry(session_, row(it, RegistryId(0)), now_));
  }
  void update(const Registry& /*before*/, const Registry& it) {
    registries::rows::update_registry(session_, row(it, ids_.registry_ids.at(it.name)), now_);
  }
  void remove(const Registry& it) { registries::rows::delete_registry(session_, ids_.registry_ids.at(it.name)); }

  void create(const User& it) {
    const accounts::rows::NewAccount account{.username = it.username,
                                             .email = it.email,
                                             .password_hash = it.password_hash,
                                             .role = it.role,
                                             .disabled = it.disabled};
    ids_.account_ids.insert_or_assign(it.username, accounts::rows::insert_account(session_, account, now_));
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

  void create(const Group& it) {
    const GroupId id = accounts::rows::insert_group(session_, it.name, now_);
    ids_.group_ids.insert_or_assign(it.name, id);
    accounts::rows::replace_members(session_, id, account_ids(it.members));
  }
  void update(const Group& /*before*/, const Group& it) {
    accounts::rows::replace_members(session_, ids_.group_ids.at(it.name), account_ids(it.members));
  }
  void remove(const Group& it) { accounts::rows::delete_group(session_, ids_.group_ids.at(it.name)); }

  void create(const Namespace& it) {
    ids_.namespace_ids.insert_or_assign(NamespaceKey{it.registry, it.name},
                                        access::rows::insert_namespace(session_, row(it, NamespaceId(0)), now_));
  }
  void update(const Namespace& /*before*/, const Namespace& it) {
    access::rows::update_namespace(session_, row(it, ids_.namespace_ids.at({it.registry, it.name})), now_);
  }
  void remove(const Namespace& it) {
    access::rows::delete_namespace(session_, ids_.namespace_ids.at({it.registry, it.name}));
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

void make(Executor& executor, const Change& change) {
  std::visit(
      [&]<class T>(const T& object) {
        switch (change.verb()) {
          case Verb::create:
            return executor.create(object);
          case Verb::update:
            return executor.update(std::get<T>(*change.before), object);
          case Verb::remove:
            return executor.remove(object);
        }
      },
      change.after ? *change.after : *change.before);
}

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
  for (const Change& change : plan.changes) {
    make(executor, change);
    recorder.record(session, audit::Actor::command_line(), event_of(change, executor));
  }
}

}  // namespace spectacles::declare
