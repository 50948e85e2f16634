#include "access/namespaces_sql.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <map>
#include <tuple>

#include "access/creation.h"
#include "access/describe.h"
#include "access/find_registry_sql.h"
#include "access/merge.h"
#include "access/moves_sql.h"
#include "access/name_lookup_sql.h"
#include "access/settings_sql.h"
#include "access/subject.h"

namespace spectacles::access {
namespace {

using accounts::Principal;

boost::json::object outline_of(const Namespace& ns) {
  return {{"owner", ns.owner_name.str()}, {"description", ns.description}};
}

VisibleNamespace view(db::Session& session, const Namespace& ns, const Label& registry_name, const Principal& who) {
  VisibleNamespace visible{.ns = ns,
                           .registry_name = registry_name,
                           .revision = audit::revision_of(outline_of(ns)),
                           .manageable = manages(who, ns),
                           .members = {},
                           .groups = {}};
  if (visible.manageable || who.reads_everything()) {
    visible.members = rows::member_names(session, ns.id);
    visible.groups = rows::group_names(session, ns.id);
    visible.revision = audit::revision_of(describe(ns, visible.members, visible.groups));
  }
  return visible;
}

VisibleNamespace view(db::Session& session, const Namespace& ns, const Principal& who) {
  return view(session, ns, rows::registry_name(session, ns.registry), who);
}

// With the names of members and groups as they are stored now.
boost::json::object state_of(db::Session& session, const Namespace& ns) {
  return describe(ns, rows::member_names(session, ns.id), rows::group_names(session, ns.id));
}

audit::Event event_of(std::string action, const Label& registry_name, const Namespace& ns) {
  return {.action = std::move(action), .subject = subject_line(registry_name, ns.name), .ns = ns.id};
}

Result<Namespace> find_manageable(db::Session& session, NamespaceId id, const Principal& who) {
  auto ns = rows::find_namespace(session, id);
  if (const auto checked = check_manageable(who, ns ? &*ns : nullptr); !checked) return pass_on(checked);
  return std::move(*ns);
}

Result<void> check_may_create(db::Session& session, RegistryId registry, const NamespaceName& name,
                              const std::optional<UserName>& owner, const Principal& who) {
  const auto enclosing = rows::find_enclosing(session, registry, name);
  return access::check_may_create(who, enclosing ? &*enclosing : nullptr, name, owner, [&] {
    return may_have_personal_namespace(session, registry, who.account->username);
  });
}

// The parts that those namespaces hold in which `has_part` finds one; it fills in the claims.
template <class HasPart>
std::vector<Part> find_parts(db::Session& session, HasPart has_part) {
  std::map<RegistryId, Label> registry_names;
  for (const auto& registry : rows::all_registries(session)) registry_names.emplace(registry.id, registry.name);
  std::vector<Part> parts;
  for (auto& ns : rows::all_namespaces(session)) {
    const auto& registry_name = registry_names.at(ns.registry);
    Part part{.ns = std::move(ns), .registry_name = registry_name, .claims = {}};
    if (has_part(part)) parts.push_back(std::move(part));
  }
  std::sort(parts.begin(), parts.end(), [](const Part& left, const Part& right) {
    return std::tie(left.registry_name, left.ns.name) < std::tie(right.registry_name, right.ns.name);
  });
  return parts;
}

template <class Id>
void keep_claims_of(Part& part, Id holder) {
  for (const auto& claim : part.ns.claims) {
    if (claim.holder == std::variant<AccountId, GroupId>(holder)) part.claims.push_back(claim);
  }
}

}  // namespace

std::vector<VisibleNamespace> NamespaceStore::list_visible(const Principal& who) {
  return database_.read([&](db::Session& session) {
    std::map<RegistryId, Label> registry_names;
    for (const auto& registry : rows::all_registries(session)) registry_names.emplace(registry.id, registry.name);
    std::vector<VisibleNamespace> visible;
    for (auto& ns : rows::all_namespaces(session)) {
      if (!sees(who, ns)) continue;
      const bool manageable = manages(who, ns);
      const auto& registry_name = registry_names.at(ns.registry);
      visible.push_back({.ns = std::move(ns),
                         .registry_name = registry_name,
                         .revision = {},
                         .manageable = manageable,
                         .members = {},
                         .groups = {}});
    }
    return visible;
  });
}

std::optional<VisibleNamespace> NamespaceStore::find_visible(NamespaceId id, const Principal& who) {
  return database_.read([&](db::Session& session) -> std::optional<VisibleNamespace> {
    const auto ns = rows::find_namespace(session, id);
    if (!ns || !sees(who, *ns)) return std::nullopt;
    return view(session, *ns, who);
  });
}

Result<CreatedNamespace> NamespaceStore::create(const std::string& registry_name, const NamespaceName& name,
                                                const NamespaceChange& wanted, const Principal& who,
                                                const audit::Actor& actor) {
  try {
    return database_.write([&](db::Session& session) -> Result<CreatedNamespace> {
      const auto registry = find_registry(session, registry_name);
      if (!registry) return pass_on(registry);
      if (auto may = check_may_create(session, registry->id, name, wanted.owner, who); !may) return pass_on(may);
      Namespace ns{.id = NamespaceId(0),
                   .registry = registry->id,
                   .name = name,
                   .owner = who.account->id,
                   .owner_name = who.account->username,
                   .description = "",
                   .members = {},
                   .groups = {},
                   .claims = {},
                   .created_at = clock_.now()};
      if (const auto merged = merge(lookup_in(session), wanted, ns); !merged) return pass_on(merged);
      auto moves = moves_into(session, registry->id, name);
      ns.id = rows::insert_namespace(session, ns, ns.created_at);
      auto event = event_of("namespace.created", registry->name, ns);
      event.after = state_of(session, ns);
      recorder_.record(session, actor, event);
      return CreatedNamespace{view(session, ns, registry->name, who), std::move(moves)};
    });
  } catch (const db::UniqueViolation&) {
    return refuse_taken_namespace();
  }
}

Result<std::vector<Move>> NamespaceStore::preview_creation(const std::string& registry_name, const NamespaceName& name,
                                                           const Principal& who) {
  return database_.read([&](db::Session& session) -> Result<std::vector<Move>> {
    const auto registry = find_registry(session, registry_name);
    if (!registry) return pass_on(registry);
    if (auto may = check_may_create(session, registry->id, name, std::nullopt, who); !may) return pass_on(may);
    return moves_into(session, registry->id, name);
  });
}

Result<VisibleNamespace> NamespaceStore::change(NamespaceId id, const NamespaceChange& wanted,
                                                const audit::ExpectedRevision& expected, const Principal& who,
                                                const audit::Actor& actor) {
  return database_.write([&](db::Session& session) -> Result<VisibleNamespace> {
    auto ns = find_manageable(session, id, who);
    if (!ns) return pass_on(ns);
    const auto before = state_of(session, *ns);
    if (const auto merged = merge(lookup_in(session), wanted, *ns); !merged) return pass_on(merged);
    rows::update_namespace(session, *ns, clock_.now());
    const auto after = state_of(session, *ns);
    // Refusing rolls back what was written above, which is what tells how it would look.
    if (auto fits = audit::check_change(expected, before, after); !fits) return pass_on(fits);
    auto visible = view(session, *ns, who);
    if (before != after) {
      auto event = event_of("namespace.changed", visible.registry_name, *ns);
      event.before = before;
      event.after = after;
      recorder_.record(session, actor, event);
    }
    return visible;
  });
}

Result<void> NamespaceStore::remove(NamespaceId id, const audit::ExpectedRevision& expected, const Principal& who,
                                    const audit::Actor& actor) {
  return database_.write([&](db::Session& session) -> Result<void> {
    const auto ns = find_manageable(session, id, who);
    if (!ns) return pass_on(ns);
    const auto before = state_of(session, *ns);
    if (auto fits = expected.check(audit::revision_of(before)); !fits) return fits;
    auto event = event_of("namespace.deleted", rows::registry_name(session, ns->registry), *ns);
    event.before = before;
    rows::delete_namespace(session, id);
    recorder_.record(session, actor, event);
    return {};
  });
}

Result<std::vector<Move>> NamespaceStore::preview_removal(NamespaceId id, const Principal& who) {
  return database_.read([&](db::Session& session) -> Result<std::vector<Move>> {
    const auto ns = find_manageable(session, id, who);
    if (!ns) return pass_on(ns);
    return moves_out_of(session, *ns);
  });
}

std::vector<Part> NamespaceStore::parts_of(AccountId account) {
  return database_.read([&](db::Session& session) {
    return find_parts(session, [&](Part& part) {
      keep_claims_of(part, account);
      return part.ns.owner == account || part.ns.members.contains(account) || !part.claims.empty();
    });
  });
}

std::vector<Part> NamespaceStore::parts_of(GroupId group) {
  return database_.read([&](db::Session& session) {
    return find_parts(session, [&](Part& part) {
      keep_claims_of(part, group);
      return part.ns.groups.contains(group) || !part.claims.empty();
    });
  });
}

}  // namespace spectacles::access
