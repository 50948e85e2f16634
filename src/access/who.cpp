#include "access/who.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "access/alike.h"
#include "access/crowd.h"
#include "access/visible.h"

namespace spectacles::access {
namespace {

// On how many names everything is granted.
struct Share {
  std::size_t repositories = 0;
  std::optional<std::uint32_t> first;  // the number of the first of them
};

using Numbers = std::vector<std::uint32_t>;

// The numbers of `repositories` by the namespace that decides on each.
std::map<const Namespace*, Numbers> by_namespace(const NamespaceMap& namespaces, RegistryId registry,
                                                 const std::vector<RepositoryPath>& repositories) {
  std::map<const Namespace*, Numbers> numbers;
  for (std::uint32_t i = 0; i < repositories.size(); ++i) {
    numbers[namespaces.find_covering(registry, repositories[i])].push_back(i);
  }
  return numbers;
}

// What decides on repositories of one registry.
using Ask = std::function<Decision(const Subject& subject, const Namespace* ns, const RepositoryPath& path)>;

std::vector<Share> share_out(const Crowd::Division& people, const Namespace* ns, const std::vector<Numbers>& names,
                             const std::vector<RepositoryPath>& repositories, const Ask& ask) {
  std::vector<Share> shares(people.subjects.size());
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (!people.subjects[i]) continue;
    for (const auto& alike : names) {
      if (!ask(*people.subjects[i], ns, repositories[alike.front()]).everything_granted()) continue;
      shares[i].repositories += alike.size();
      shares[i].first = std::min(shares[i].first.value_or(alike.front()), alike.front());
    }
  }
  return shares;
}

std::vector<std::string> groups_behind(const World& world, const Subject& subject, const Namespace* ns,
                                       const RepositoryPath& path, Rule rule) {
  std::set<std::string> names;
  if (ns != nullptr && rule == Rule::group) {
    for (const auto& group : world.groups) {
      if (ns->groups.contains(group.id) && subject.groups.contains(group.id)) names.insert(group.name.str());
    }
  }
  if (ns != nullptr && rule == Rule::group_claim) {
    for (const auto& claim : ns->claims) {
      const auto* group = std::get_if<GroupId>(&claim.holder);
      const bool counts = group != nullptr && subject.groups.contains(*group);
      if (counts && claim.pattern.matches(ns->name.rest_of(path))) names.insert(claim.holder_name);
    }
  }
  return {names.begin(), names.end()};
}

}  // namespace

std::vector<Grantee> find_grantees(const World& world, RegistryId registry,
                                   const std::vector<RepositoryPath>& repositories, ActionSet requested) {
  const NamespaceMap namespaces(world.namespaces);
  const Crowd crowd(world);
  const Ask ask = [&](const Subject& subject, const Namespace* ns, const RepositoryPath& path) {
    return decide_now(world, subject, registry, ns, path, requested);
  };
  std::vector<Share> found(crowd.size());
  for (const auto& [ns, numbers] : by_namespace(namespaces, registry, repositories)) {
    const auto people = crowd.divide(ns);
    const auto shares = share_out(people, ns, divide_names(numbers, repositories, {ns}), repositories, ask);
    for (std::size_t person = 0; person < found.size(); ++person) {
      const auto& share = shares[people.class_of[person]];
      found[person].repositories += share.repositories;
      if (share.first) found[person].first = std::min(found[person].first.value_or(*share.first), *share.first);
    }
  }

  std::vector<Grantee> grantees;
  grantees.reserve(found.size());
  for (Crowd::Person person = 0; person < found.size(); ++person) {
    if (!found[person].first) continue;
    const auto& path = repositories[*found[person].first];
    const auto* covering = namespaces.find_covering(registry, path);
    const auto subject = crowd.subject_of(person);
    auto decision = ask(subject, covering, path);
    const auto rule = decision.rule;
    grantees.push_back(
        {.user = person == Crowd::anonymous ? std::nullopt : std::optional(world.accounts[person - 1].username),
         .decision = std::move(decision),
         .decided_on = path,
         .via = groups_behind(world, subject, covering, path, rule),
         .repositories = found[person].repositories});
  }
  return grantees;
}

}  // namespace spectacles::access
