#include "access/belongings_sql.h"

#include "access/describe.h"
#include "access/rows_sql.h"
#include "access/settings_sql.h"

namespace spectacles::access {
namespace {

boost::json::object state_of(db::Session& session, const Namespace& ns) {
  return describe(ns, rows::member_names(session, ns.id), rows::group_names(session, ns.id));
}

std::vector<std::string> list_names(db::Session& session, const std::vector<Namespace>& owned) {
  std::vector<std::string> names;
  names.reserve(owned.size());
  for (const auto& ns : owned) names.push_back(subject_line(rows::registry_name(session, ns.registry), ns.name));
  return names;
}

}  // namespace

void NamespaceBelongings::set_up(db::Session& session, const accounts::Account& account, const audit::Actor& actor) {
  const auto registry = personal_namespace_registry(session);
  const auto name = NamespaceName::parse(account.username.str());
  if (!registry || !name || rows::find_namespace(session, registry->id, *name) ||
      !may_have_personal_namespace(session, registry->id, account.username)) {
    return;
  }
  Namespace ns{.id = NamespaceId(0),
               .registry = registry->id,
               .name = *name,
               .owner = account.id,
               .owner_name = account.username,
               .description = "",
               .members = {},
               .groups = {},
               .claims = {}};
  ns.id = rows::insert_namespace(session, ns, clock_.now());
  recorder_.record(session, actor,
                   {.action = "namespace.created",
                    .subject = subject_line(registry->name, *name),
                    .ns = ns.id,
                    .after = state_of(session, ns)});
}

Result<void> NamespaceBelongings::pass_on(db::Session& session, const accounts::Account& account,
                                          const std::optional<accounts::Account>& heir, const audit::Actor& actor) {
  const auto owned = rows::namespaces_owned_by(session, account.id);
  if (owned.empty()) return {};
  if (!heir) return refuse_without_heir(account.username, list_names(session, owned));
  for (const auto& before : owned) {
    auto after = before;
    after.owner = heir->id;
    after.owner_name = heir->username;
    const auto state_before = state_of(session, before);
    rows::update_namespace(session, after, clock_.now());
    recorder_.record(session, actor,
                     {.action = "namespace.changed",
                      .subject = subject_line(rows::registry_name(session, after.registry), after.name),
                      .ns = after.id,
                      .before = state_before,
                      .after = state_of(session, after)});
  }
  return {};
}

}  // namespace spectacles::access
