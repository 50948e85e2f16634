#include "access/store_sql.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <tuple>

#include "access/rows_sql.h"
#include "access/subject.h"
#include "accounts/rows_sql.h"

namespace spectacles::access {
namespace {

using accounts::Principal;

bool manages(const Principal& who, const Namespace& ns) {
  return who.is_administrator() || (who.account && who.account->id == ns.owner);
}

bool sees(const Principal& who, const Namespace& ns) {
  return who.reads_everything() || reaches(subject_of(who), ns);
}

Result<RegistryReference> find_registry(db::Session& session, const std::optional<std::string>& name) {
  const auto registries = rows::all_registries(session);
  if (!name) {
    if (registries.size() == 1) return registries.front();
    return refuse(RefusalKind::invalid,
                  registries.empty() ? "there is no registry yet" : "there are several registries: say which one",
                  "registry");
  }
  for (const auto& registry : registries) {
    if (registry.name.str() == *name) return registry;
  }
  return refuse(RefusalKind::invalid, "there is no registry of this name", "registry");
}

Result<AccountId> find_account(db::Session& session, const UserName& name, const std::string& field) {
  const auto account = accounts::rows::find_account(session, name);
  if (!account) return refuse(RefusalKind::invalid, fmt::format("there is no user {}", name.str()), field);
  return account->id;
}

Result<GroupId> find_group(db::Session& session, const Label& name, const std::string& field) {
  const auto group = accounts::rows::find_group(session, name);
  if (!group) return refuse(RefusalKind::invalid, fmt::format("there is no group {}", name.str()), field);
  return group->id;
}

Result<Claim> resolve_claim(db::Session& session, const ClaimRequest& wanted, const std::string& field) {
  if (const auto* user = std::get_if<UserName>(&wanted.holder)) {
    const auto id = find_account(session, *user, field + ".user");
    if (!id) return pass_on(id);
    return Claim{.holder = *id, .pattern = wanted.pattern, .level = wanted.level, .holder_name = user->str()};
  }
  const auto& group = std::get<Label>(wanted.holder);
  const auto id = find_group(session, group, field + ".group");
  if (!id) return pass_on(id);
  return Claim{.holder = *id, .pattern = wanted.pattern, .level = wanted.level, .holder_name = group.str()};
}

Result<std::vector<Claim>> resolve_claims(db::Session& session, const std::vector<ClaimRequest>& wanted) {
  std::vector<Claim> claims;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto field = fmt::format("claims[{}]", i);
    auto claim = resolve_claim(session, wanted[i], field);
    if (!claim) return pass_on(claim);
    const bool twice = std::any_of(claims.begin(), claims.end(), [&](const Claim& other) {
      return other.holder == claim->holder && other.pattern == claim->pattern;
    });
    if (twice) {
      return refuse(RefusalKind::invalid,
                    fmt::format("{} has a custom right for {} already", claim->holder_name, claim->pattern.str()),
                    field);
    }
    claims.push_back(std::move(*claim));
  }
  return claims;
}

// Writes what `wanted` says into `ns`, names turned into ids. Refuses names that do not exist.
Result<void> merge(db::Session& session, const NamespaceChange& wanted, Namespace& ns) {
  if (wanted.owner) {
    const auto owner = find_account(session, *wanted.owner, "owner");
    if (!owner) return pass_on(owner);
    ns.owner = *owner;
    ns.owner_name = *wanted.owner;
  }
  if (wanted.members) {
    ns.members.clear();
    for (std::size_t i = 0; i < wanted.members->size(); ++i) {
      const auto id = find_account(session, (*wanted.members)[i], fmt::format("members[{}]", i));
      if (!id) return pass_on(id);
      ns.members.insert(*id);
    }
  }
  if (wanted.groups) {
    ns.groups.clear();
    for (std::size_t i = 0; i < wanted.groups->size(); ++i) {
      const auto id = find_group(session, (*wanted.groups)[i], fmt::format("groups[{}]", i));
      if (!id) return pass_on(id);
      ns.groups.insert(*id);
    }
  }
  if (wanted.claims) {
    auto claims = resolve_claims(session, *wanted.claims);
    if (!claims) return pass_on(claims);
    ns.claims = std::move(*claims);
  }
  ns.description = wanted.description.value_or(ns.description);
  ns.member_access = wanted.member_access.value_or(ns.member_access);
  ns.group_access = wanted.group_access.value_or(ns.group_access);
  ns.other_access = wanted.other_access.value_or(ns.other_access);
  ns.anonymous_access = wanted.anonymous_access.value_or(ns.anonymous_access);
  return {};
}

VisibleNamespace view(db::Session& session, const Namespace& ns, const Label& registry_name, const Principal& who) {
  VisibleNamespace visible{
      .ns = ns, .registry_name = registry_name, .manageable = manages(who, ns), .members = {}, .groups = {}};
  if (visible.manageable || who.reads_everything()) {
    visible.members = rows::member_names(session, ns.id);
    visible.groups = rows::group_names(session, ns.id);
  }
  return visible;
}

VisibleNamespace view(db::Session& session, const Namespace& ns, const Principal& who) {
  return view(session, ns, rows::registry_name(session, ns.registry), who);
}

boost::json::array names_of(const auto& names) {
  boost::json::array array;
  for (const auto& name : names) array.emplace_back(name.str());
  return array;
}

boost::json::object describe(const VisibleNamespace& visible) {
  const auto& ns = visible.ns;
  boost::json::array claims;
  for (const auto& claim : ns.claims) {
    const bool of_user = std::holds_alternative<AccountId>(claim.holder);
    claims.push_back(boost::json::object{{of_user ? "user" : "group", claim.holder_name},
                                         {"repository", claim.pattern.str()},
                                         {"access", render_level(claim.level)}});
  }
  return {{"owner", ns.owner_name.str()},
          {"description", ns.description},
          {"member_access", render_level(ns.member_access)},
          {"group_access", render_level(ns.group_access)},
          {"other_access", render_level(ns.other_access)},
          {"anonymous_access", render_level(ns.anonymous_access)},
          {"members", names_of(visible.members)},
          {"groups", names_of(visible.groups)},
          {"claims", std::move(claims)}};
}

std::string subject_line(const VisibleNamespace& visible) {
  return fmt::format("{}: {}", visible.registry_name.str(), visible.ns.name.str());
}

Result<Namespace> find_manageable(db::Session& session, NamespaceId id, const Principal& who) {
  auto ns = rows::find_namespace(session, id);
  if (!ns || !sees(who, *ns)) return refuse(RefusalKind::not_found, "there is no such namespace");
  if (!manages(who, *ns)) {
    return refuse(RefusalKind::forbidden, "only the owner of the namespace and administrators may change it");
  }
  return std::move(*ns);
}

// Known repositories that `ns` covers and whose nearest namespace it is.
std::vector<RepositoryPath> covered_repositories(db::Session& session, const Namespace& ns) {
  constexpr std::size_t most = 100;
  std::vector<RepositoryPath> covered;
  for (const auto& path : rows::repositories_below(session, ns.registry, ns.name)) {
    if (covered.size() == most) break;
    const auto nearest = rows::find_covering(session, ns.registry, path);
    if (nearest && nearest->id == ns.id) covered.push_back(path);
  }
  return covered;
}

// A repository as people write it: with the registry's public host or without.
Result<RepositoryPath> parse_repository(std::string_view text, const RegistryHost& public_host) {
  const auto prefix = public_host.str() + "/";
  if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  auto path = RepositoryPath::parse(text);
  if (!path) return refuse(RefusalKind::invalid, path.error().text, "repository");
  return path;
}

// A disabled account is refused before any right is looked at.
Decision decide_disabled(ActionSet requested) {
  return {.requested = requested,
          .granted = {},
          .abilities = {},
          .rule = Rule::none,
          .reason = "the account is disabled, so it cannot sign in",
          .passed_over = {}};
}

}  // namespace

Result<ActionSet> parse_actions(std::string_view text) {
  if (text == "*") return ActionSet::all();
  ActionSet actions;
  while (true) {
    const auto comma = text.find(',');
    const auto action = find_action(text.substr(0, comma));
    if (!action) return refuse(RefusalKind::invalid, "an action is pull, push, delete or *", "action");
    actions.add(*action);
    if (comma == std::string_view::npos) return actions;
    text.remove_prefix(comma + 1);
  }
}

Decision AccessStore::decide_on(const Principal& who, RegistryId registry, const RepositoryPath& path,
                                ActionSet requested) {
  const auto covering =
      database_.read([&](db::Session& session) { return rows::find_covering(session, registry, path); });
  return decide(subject_of(who), covering ? &*covering : nullptr, path, requested);
}

Result<Explanation> AccessStore::explain(const Question& question, const std::optional<Principal>& asker) {
  return database_.read([&](db::Session& session) -> Result<Explanation> {
    const auto registry = find_registry(session, question.registry);
    if (!registry) return pass_on(registry);
    const auto path = parse_repository(question.repository, registry->public_host);
    if (!path) return pass_on(path);
    const auto covering = rows::find_covering(session, registry->id, *path);

    const bool about_himself = asker && asker->account && question.user == asker->account->username;
    if (asker && !about_himself && !asker->reads_everything() && !(covering && manages(*asker, *covering))) {
      return refuse(RefusalKind::not_found, "there is nothing here that you may ask about for others");
    }
    Principal who;
    if (question.user) {
      who.account = accounts::rows::find_account(session, *question.user);
      if (!who.account) {
        return refuse(RefusalKind::invalid, fmt::format("there is no user {}", question.user->str()), "user");
      }
      who.groups = accounts::rows::groups_of(session, who.account->id);
    }
    const bool disabled = who.account && who.account->disabled;
    Explanation explanation{
        .decision = disabled ? decide_disabled(question.requested)
                             : decide(subject_of(who), covering ? &*covering : nullptr, *path, question.requested),
        .registry = registry->name,
        .ns = covering ? std::optional(covering->name) : std::nullopt,
        .user = question.user,
        .repository = *path,
        .who_can_grant = {}};
    if (covering) explanation.who_can_grant.push_back(covering->owner_name);
    for (const auto& name : rows::administrator_names(session)) {
      if (!covering || name != covering->owner_name) explanation.who_can_grant.push_back(name);
    }
    return explanation;
  });
}

NamespaceMap AccessStore::load_all() {
  return NamespaceMap(database_.read([](db::Session& session) { return rows::all_namespaces(session); }));
}

std::vector<VisibleNamespace> AccessStore::list_visible(const Principal& who) {
  return database_.read([&](db::Session& session) {
    std::map<RegistryId, Label> registry_names;
    for (const auto& registry : rows::all_registries(session)) registry_names.emplace(registry.id, registry.name);
    std::vector<VisibleNamespace> visible;
    for (auto& ns : rows::all_namespaces(session)) {
      if (!sees(who, ns)) continue;
      const auto& registry_name = registry_names.at(ns.registry);
      const bool manageable = manages(who, ns);
      visible.push_back(
          {.ns = std::move(ns), .registry_name = registry_name, .manageable = manageable, .members = {}, .groups = {}});
    }
    std::sort(visible.begin(), visible.end(), [](const VisibleNamespace& left, const VisibleNamespace& right) {
      return std::tie(left.registry_name, left.ns.name) < std::tie(right.registry_name, right.ns.name);
    });
    return visible;
  });
}

std::optional<VisibleNamespace> AccessStore::find_visible(NamespaceId id, const Principal& who) {
  return database_.read([&](db::Session& session) -> std::optional<VisibleNamespace> {
    const auto ns = rows::find_namespace(session, id);
    if (!ns || !sees(who, *ns)) return std::nullopt;
    return view(session, *ns, who);
  });
}

Result<CreatedNamespace> AccessStore::create(const std::string& registry_name, const NamespaceName& name,
                                             const NamespaceChange& wanted, const Principal& who,
                                             const audit::Actor& actor) {
  try {
    return database_.write([&](db::Session& session) -> Result<CreatedNamespace> {
      const auto registry = find_registry(session, registry_name);
      if (!registry) return pass_on(registry);
      if (!who.is_administrator()) {
        const auto enclosing = rows::find_enclosing(session, registry->id, name);
        if (!enclosing || enclosing->owner != who.account->id) {
          return refuse(RefusalKind::forbidden,
                        "administrators create namespaces, and owners do inside their own namespaces");
        }
      }
      Namespace ns{.id = NamespaceId(0),
                   .registry = registry->id,
                   .name = name,
                   .owner = who.account->id,
                   .owner_name = who.account->username,
                   .description = "",
                   .members = {},
                   .groups = {},
                   .claims = {}};
      if (const auto merged = merge(session, wanted, ns); !merged) return pass_on(merged);
      ns.id = rows::insert_namespace(session, ns, clock_.now());
      auto created = view(session, ns, registry->name, who);
      recorder_.record(session, actor,
                       {.action = "namespace.created", .subject = subject_line(created), .after = describe(created)});
      return CreatedNamespace{std::move(created), covered_repositories(session, ns)};
    });
  } catch (const db::UniqueViolation&) {
    return refuse(RefusalKind::conflict, "the registry has a namespace of this name already", "name");
  }
}

Result<VisibleNamespace> AccessStore::change(NamespaceId id, const NamespaceChange& wanted, const Principal& who,
                                             const audit::Actor& actor) {
  return database_.write([&](db::Session& session) -> Result<VisibleNamespace> {
    auto ns = find_manageable(session, id, who);
    if (!ns) return pass_on(ns);
    const auto before = view(session, *ns, who);
    if (const auto merged = merge(session, wanted, *ns); !merged) return pass_on(merged);
    rows::update_namespace(session, *ns, clock_.now());
    auto after = view(session, *ns, who);
    if (describe(before) != describe(after)) {
      recorder_.record(session, actor,
                       {.action = "namespace.changed",
                        .subject = subject_line(after),
                        .before = describe(before),
                        .after = describe(after)});
    }
    return after;
  });
}

Result<void> AccessStore::remove(NamespaceId id, const Principal& who, const audit::Actor& actor) {
  return database_.write([&](db::Session& session) -> Result<void> {
    const auto ns = find_manageable(session, id, who);
    if (!ns) return pass_on(ns);
    const auto before = view(session, *ns, who);
    rows::delete_namespace(session, id);
    recorder_.record(session, actor,
                     {.action = "namespace.deleted", .subject = subject_line(before), .before = describe(before)});
    return {};
  });
}

}  // namespace spectacles::access
