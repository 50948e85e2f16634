#include "access/reach.h"

#include <algorithm>
#include <set>
#include <utility>

#include "access/example.h"
#include "access/visible.h"

namespace spectacles::access {
namespace {

bool concerns(const Claim& claim, const Subject& subject) {
  if (const auto* account = std::get_if<AccountId>(&claim.holder)) return subject.account == *account;
  return subject.groups.contains(std::get<GroupId>(claim.holder));
}

// Decided by a custom right, or otherwise than `ordinary`.
bool is_exception(const Decision& decision, const Decision& ordinary) {
  return decision.rule == Rule::user_claim || decision.rule == Rule::group_claim || decision.rule != ordinary.rule ||
         decision.abilities != ordinary.abilities;
}

std::optional<Reach> reach_in(const World& world, const Namespace& ns, const NamespaceMap& all,
                              const Subject& subject) {
  const auto ordinary = ordinary_example(ns);
  if (!ordinary) return std::nullopt;
  const auto rest = without_exceptions(ns);
  Reach reach{.registry = registry_name(world, ns.registry),
              .ns = ns.name,
              .decision = decide_now(world, subject, ns.registry, &rest, *ordinary, ActionSet::all()),
              .exceptions = {}};
  bool anything = !reach.decision.abilities.empty();
  std::set<Pattern> patterns;
  for (const auto& claim : ns.claims) {
    if (concerns(claim, subject) && !matches_everything(claim.pattern)) patterns.insert(claim.pattern);
  }
  for (const auto& pattern : patterns) {
    const auto example = example_of(pattern, ns, all);
    if (!example) continue;
    auto decision = decide_now(world, subject, ns.registry, &ns, *example, ActionSet::all());
    if (!is_exception(decision, reach.decision)) continue;
    anything = anything || !decision.abilities.empty();
    reach.exceptions.push_back({.pattern = pattern, .example = *example, .decision = std::move(decision)});
  }
  if (!anything) return std::nullopt;
  return reach;
}

// Administrators alone; no name is needed, and any will do.
Reach uncovered(const World& world, const RegistryReference& registry, const Subject& subject) {
  const auto any = RepositoryPath::parse("x").value();
  return {.registry = registry.name,
          .ns = std::nullopt,
          .decision = decide_now(world, subject, registry.id, nullptr, any, ActionSet::all()),
          .exceptions = {}};
}

}  // namespace

std::vector<Reach> reach_of(const World& world, const std::optional<Subject>& subject) {
  std::vector<Reach> rows;
  if (!subject) return rows;
  const NamespaceMap all(world.namespaces);
  for (const auto& ns : all.all()) {
    if (auto row = reach_in(world, ns, all, *subject)) rows.push_back(*std::move(row));
  }
  for (const auto& registry : world.registries) {
    if (subject->administrator) rows.push_back(uncovered(world, registry, *subject));
  }
  std::sort(rows.begin(), rows.end(), [](const Reach& left, const Reach& right) {
    return std::tie(left.registry, left.ns) < std::tie(right.registry, right.ns);
  });
  return rows;
}

std::vector<ReachedRepository> reached_repositories(const World& world, const std::optional<Subject>& subject,
                                                    const RegistryReference& registry,
                                                    const std::vector<RepositoryPath>& repositories) {
  std::vector<ReachedRepository> rows;
  if (!subject) return rows;
  const NamespaceMap all(world.namespaces);
  for (const auto& path : repositories) {
    const auto* covering = all.find_covering(registry.id, path);
    auto decision = decide_now(world, *subject, registry.id, covering, path, ActionSet::all());
    if (decision.abilities.empty()) continue;
    rows.push_back({.registry = registry.name,
                    .repository = path,
                    .ns = covering != nullptr ? std::optional(covering->name) : std::nullopt,
                    .decision = std::move(decision)});
  }
  return rows;
}

}  // namespace spectacles::access
