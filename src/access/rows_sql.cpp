#include "access/rows_sql.h"

#include <map>
#include <string>
#include <tuple>

#include "access/assignment_sql.h"
#include "db/insert.h"

namespace spectacles::access::rows {
namespace {

constexpr std::string_view columns =
    "SELECT n.id, n.registry_id, n.name, n.owner_id, a.username, n.description, n.member_access, n.group_access, "
    "n.other_access, n.anonymous_access, n.created_at FROM namespace n JOIN account a ON a.id = n.owner_id ";

template <class... Values>
std::vector<Namespace> load(db::Session& session, std::string_view where, const Values&... values) {
  std::vector<Namespace> namespaces;
  const auto rows =
      session.rows<NamespaceId, RegistryId, NamespaceName, AccountId, UserName, std::string, std::string, std::string,
                   std::string, std::string, Time>(std::string(columns) + std::string(where), values...);
  namespaces.reserve(rows.size());
  for (const auto& [id, registry, name, owner, owner_name, description, member, group, other, anonymous, created_at] :
       rows) {
    namespaces.push_back({.id = id,
                          .registry = registry,
                          .name = name,
                          .owner = owner,
                          .owner_name = owner_name,
                          .description = description,
                          .member_access = parse_level(member).value(),
                          .group_access = parse_level(group).value(),
                          .other_access = parse_level(other).value(),
                          .anonymous_access = parse_level(anonymous).value(),
                          .members = {},
                          .groups = {},
                          .claims = {},
                          .created_at = created_at});
  }
  return namespaces;
}

using ClaimRow = std::tuple<NamespaceId, std::optional<AccountId>, std::optional<GroupId>, Pattern, std::string,
                            std::optional<std::string>, std::optional<std::string>>;

constexpr std::string_view claim_columns =
    "SELECT c.namespace_id, c.account_id, c.group_id, c.pattern, c.access, a.username, g.name FROM namespace_claim c "
    "LEFT JOIN account a ON a.id = c.account_id LEFT JOIN user_group g ON g.id = c.group_id ";

Claim to_claim(const ClaimRow& row) {
  const auto& [ns, account, group, pattern, level, username, group_name] = row;
  using Holder = std::variant<AccountId, GroupId>;
  return {.holder = account ? Holder(*account) : Holder(group.value()),
          .pattern = pattern,
          .level = parse_level(level).value(),
          .holder_name = username ? *username : group_name.value()};
}

void load_lists(db::Session& session, Namespace& ns) {
  for (const auto& [account] :
       session.rows<AccountId>("SELECT account_id FROM namespace_member WHERE namespace_id = :id", ns.id)) {
    ns.members.insert(account);
  }
  for (const auto& [group] :
       session.rows<GroupId>("SELECT group_id FROM namespace_group WHERE namespace_id = :id", ns.id)) {
    ns.groups.insert(group);
  }
  const auto sql = std::string(claim_columns) + "WHERE c.namespace_id = :id ORDER BY c.id";
  for (const auto& row :
       session.rows<NamespaceId, std::optional<AccountId>, std::optional<GroupId>, Pattern, std::string,
                    std::optional<std::string>, std::optional<std::string>>(sql, ns.id)) {
    ns.claims.push_back(to_claim(row));
  }
}

std::optional<Namespace> with_lists(db::Session& session, std::vector<Namespace> found) {
  if (found.empty()) return std::nullopt;
  load_lists(session, found.front());
  return std::move(found.front());
}

std::optional<Namespace> find_named(db::Session& session, RegistryId registry, std::string_view name) {
  return with_lists(session, load(session, "WHERE n.registry_id = :registry AND n.name = :name", registry, name));
}

// The namespace of the longest proper prefix of whole segments.
std::optional<Namespace> find_above(db::Session& session, RegistryId registry, std::string_view path) {
  for (auto slash = path.rfind('/'); slash != std::string_view::npos; slash = path.rfind('/')) {
    path = path.substr(0, slash);
    if (auto found = find_named(session, registry, path)) return found;
  }
  return std::nullopt;
}

// The lists of namespaces that have none yet.
void insert_lists(db::Session& session, const std::vector<Namespace>& namespaces) {
  std::vector<db::InsertedRow> members;
  std::vector<db::InsertedRow> groups;
  std::vector<db::InsertedRow> claims;
  for (const auto& ns : namespaces) {
    for (const auto& account : ns.members) members.push_back(db::row(ns.id, account));
    for (const auto& group : ns.groups) groups.push_back(db::row(ns.id, group));
    for (const auto& claim : ns.claims) {
      const auto* account = std::get_if<AccountId>(&claim.holder);
      const auto* group = std::get_if<GroupId>(&claim.holder);
      claims.push_back(db::row(ns.id, account ? std::optional(*account) : std::nullopt,
                               group ? std::optional(*group) : std::nullopt, claim.pattern, render_level(claim.level)));
    }
  }
  db::insert_rows(session, "namespace_member (namespace_id, account_id)", members);
  db::insert_rows(session, "namespace_group (namespace_id, group_id)", groups);
  db::insert_rows(session, "namespace_claim (namespace_id, account_id, group_id, pattern, access)", claims);
}

}  // namespace

std::optional<Namespace> find_namespace(db::Session& session, NamespaceId id) {
  return with_lists(session, load(session, "WHERE n.id = :id", id));
}

std::optional<Namespace> find_namespace(db::Session& session, RegistryId registry, const NamespaceName& name) {
  return find_named(session, registry, name.str());
}

std::vector<Namespace> all_namespaces(db::Session& session) {
  auto namespaces = load(session, "ORDER BY n.registry_id, n.name");
  std::map<NamespaceId, Namespace*> by_id;
  for (auto& ns : namespaces) by_id.emplace(ns.id, &ns);

  // Three statements for all of them, not three for each.
  for (const auto& [ns, account] :
       session.rows<NamespaceId, AccountId>("SELECT namespace_id, account_id FROM namespace_member")) {
    if (const auto at = by_id.find(ns); at != by_id.end()) at->second->members.insert(account);
  }
  for (const auto& [ns, group] :
       session.rows<NamespaceId, GroupId>("SELECT namespace_id, group_id FROM namespace_group")) {
    if (const auto at = by_id.find(ns); at != by_id.end()) at->second->groups.insert(group);
  }
  const auto sql = std::string(claim_columns) + "ORDER BY c.id";
  for (const auto& row : session.rows<NamespaceId, std::optional<AccountId>, std::optional<GroupId>, Pattern,
                                      std::string, std::optional<std::string>, std::optional<std::string>>(sql)) {
    if (const auto at = by_id.find(std::get<0>(row)); at != by_id.end()) at->second->claims.push_back(to_claim(row));
  }
  return namespaces;
}

std::vector<Namespace> namespaces_owned_by(db::Session& session, AccountId owner) {
  auto owned = load(session, "WHERE n.owner_id = :owner ORDER BY n.registry_id, n.name", owner);
  for (auto& ns : owned) load_lists(session, ns);
  return owned;
}

std::optional<Namespace> find_covering(db::Session& session, RegistryId registry, const RepositoryPath& path) {
  if (path.str().find('/') == std::string::npos) return find_named(session, registry, "/");
  return find_above(session, registry, path.str());
}

std::optional<Namespace> find_enclosing(db::Session& session, RegistryId registry, const NamespaceName& name) {
  return name.is_root() ? std::nullopt : find_above(session, registry, name.str());
}

NamespaceId insert_namespace(db::Session& session, const Namespace& ns, Time now) {
  session.count_change();
  auto inserted = ns;
  inserted.id = NamespaceId(session.insert(
      "INSERT INTO namespace (registry_id, name, owner_id, description, member_access, group_access, other_access, "
      "anonymous_access, created_at, changed_at) "
      "VALUES (:registry, :name, :owner, :description, :member, :group, :other, :anonymous, :created, :changed)",
      ns.registry, ns.name, ns.owner, ns.description, render_level(ns.member_access), render_level(ns.group_access),
      render_level(ns.other_access), render_level(ns.anonymous_access), now, now));
  insert_lists(session, {inserted});
  assignment::take_over(session, inserted.id, inserted.registry, inserted.name);
  return inserted.id;
}

std::vector<NamespaceId> insert_namespaces(db::Session& session, const std::vector<Namespace>& namespaces, Time now) {
  session.count_change();
  std::vector<db::InsertedRow> rows;
  rows.reserve(namespaces.size());
  for (const auto& ns : namespaces) {
    rows.push_back(db::row(ns.registry, ns.name, ns.owner, ns.description, render_level(ns.member_access),
                           render_level(ns.group_access), render_level(ns.other_access),
                           render_level(ns.anonymous_access), now, now));
  }
  db::insert_rows(session,
                  "namespace (registry_id, name, owner_id, description, member_access, group_access, other_access, "
                  "anonymous_access, created_at, changed_at)",
                  rows);
  std::map<std::pair<RegistryId, std::string>, NamespaceId> ids;
  for (const auto& [id, registry, name] :
       session.rows<NamespaceId, RegistryId, std::string>("SELECT id, registry_id, name FROM namespace")) {
    ids.emplace(std::pair(registry, name), id);
  }
  auto inserted = namespaces;
  std::vector<NamespaceId> out;
  out.reserve(inserted.size());
  for (auto& ns : inserted) {
    ns.id = ids.at({ns.registry, ns.name.str()});
    out.push_back(ns.id);
  }
  insert_lists(session, inserted);
  for (const auto& ns : inserted) assignment::take_over(session, ns.id, ns.registry, ns.name);
  return out;
}

void update_namespace(db::Session& session, const Namespace& ns, Time now) {
  session.count_change();
  session.execute(
      "UPDATE namespace SET owner_id = :owner, description = :description, member_access = :member, group_access = "
      ":group, "
      "other_access = :other, anonymous_access = :anonymous, changed_at = :changed WHERE id = :id",
      ns.owner, ns.description, render_level(ns.member_access), render_level(ns.group_access),
      render_level(ns.other_access), render_level(ns.anonymous_access), now, ns.id);
  session.execute("DELETE FROM namespace_member WHERE namespace_id = :id", ns.id);
  session.execute("DELETE FROM namespace_group WHERE namespace_id = :id", ns.id);
  session.execute("DELETE FROM namespace_claim WHERE namespace_id = :id", ns.id);
  insert_lists(session, {ns});
}

void delete_namespace(db::Session& session, NamespaceId id) {
  session.count_change();
  assignment::hand_over(session, id);
  session.execute("DELETE FROM namespace WHERE id = :id", id);
}

namespace {

template <class T>
std::vector<T> only_column(const std::vector<std::tuple<T>>& rows) {
  std::vector<T> values;
  values.reserve(rows.size());
  for (const auto& [value] : rows) values.push_back(value);
  return values;
}

}  // namespace

std::vector<UserName> member_names(db::Session& session, NamespaceId id) {
  return only_column(
      session.rows<UserName>("SELECT a.username FROM namespace_member m JOIN account a ON a.id = m.account_id "
                             "WHERE m.namespace_id = :id ORDER BY a.username",
                             id));
}

std::vector<Label> group_names(db::Session& session, NamespaceId id) {
  return only_column(session.rows<Label>(
      "SELECT g.name FROM namespace_group m JOIN user_group g ON g.id = m.group_id WHERE m.namespace_id = :id "
      "ORDER BY g.name",
      id));
}

std::vector<UserName> administrator_names(db::Session& session) {
  return only_column(
      session.rows<UserName>("SELECT username FROM account WHERE role = 'admin' AND disabled = 0 ORDER BY username"));
}

std::vector<RegistryReference> all_registries(db::Session& session) {
  std::vector<RegistryReference> registries;
  for (const auto& [id, name, host] :
       session.rows<RegistryId, Label, RegistryHost>("SELECT id, name, public_host FROM registry ORDER BY name")) {
    registries.push_back({id, name, host});
  }
  return registries;
}

Label registry_name(db::Session& session, RegistryId id) {
  return session.single<Label>("SELECT name FROM registry WHERE id = :id", id);
}

std::vector<RepositoryPath> known_repositories(db::Session& session, RegistryId registry) {
  return only_column(session.rows<RepositoryPath>(
      "SELECT name FROM repository WHERE registry_id = :registry ORDER BY name", registry));
}

std::vector<RepositoryPath> repositories_below(db::Session& session, RegistryId registry, const NamespaceName& name) {
  auto paths = known_repositories(session, registry);
  std::erase_if(paths, [&](const RepositoryPath& path) { return !name.covers(path); });
  return paths;
}

}  // namespace spectacles::access::rows
