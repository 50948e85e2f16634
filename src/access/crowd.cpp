#include "access/crowd.h"

#include <algorithm>
#include <set>

namespace spectacles::access {
namespace {

// The groups that `ns` knows.
std::set<GroupId> groups_of(const Namespace& ns) {
  auto groups = ns.groups;
  for (const auto& claim : ns.claims) {
    if (const auto* group = std::get_if<GroupId>(&claim.holder)) groups.insert(*group);
  }
  return groups;
}

const AccountId nobodys_account{0};  // ids begin at 1

}  // namespace

Crowd::Crowd(const World& world) {
  base_.push_back(not_signed_in);
  std::map<UserName, Person> by_name;
  accounts_.reserve(world.accounts.size());
  for (const auto& account : world.accounts) {
    const auto person = static_cast<Person>(base_.size());
    accounts_.push_back(account.id);
    person_of_.emplace(account.id, person);
    by_name.emplace_hint(by_name.end(), account.username, person);
    const bool may_sign_in = !account.disabled && !world.removed.contains(account.id);
    base_.push_back(!may_sign_in ? inactive : account.role == accounts::Role::admin ? administrators : others);
  }
  groups_of_.resize(base_.size());
  for (const auto& group : world.groups) {
    auto& members = members_[group.id];
    members.reserve(group.members.size());
    for (const auto& name : group.members) {
      const auto at = by_name.find(name);
      if (at == by_name.end()) continue;
      members.push_back(at->second);
      groups_of_[at->second].push_back(group.id);
    }
  }
}

std::vector<Crowd::Person> Crowd::find_people(const std::vector<AccountId>& accounts) const {
  std::vector<Person> people;
  people.reserve(accounts.size());
  for (const auto& account : accounts) {
    if (const auto at = person_of_.find(account); at != person_of_.end()) people.push_back(at->second);
  }
  return people;
}

// Those whom a namespace names alone: each is a class.
std::vector<Crowd::Person> Crowd::individuals_of(const Namespace& ns) const {
  std::set<AccountId> named{ns.owner};
  for (const auto& claim : ns.claims) {
    if (const auto* account = std::get_if<AccountId>(&claim.holder)) named.insert(*account);
  }
  return find_people({named.begin(), named.end()});
}

Crowd::Division Crowd::divide(const Namespace* ns) const {
  Division division{.class_of = base_, .subjects = {}};
  auto& subjects = division.subjects;
  subjects.emplace_back(std::nullopt);
  subjects.emplace_back(Subject{});
  subjects.emplace_back(Subject{.account = nobodys_account, .administrator = true, .groups = {}});
  subjects.emplace_back(Subject{.account = nobodys_account, .administrator = false, .groups = {}});
  if (ns == nullptr) return division;

  // Takes `some` out of the classes they are in; `change` makes the subject of a class that of those who leave it.
  const auto split = [&](const std::vector<Person>& some, auto change) {
    std::map<std::uint32_t, std::uint32_t> into;
    for (const auto person : some) {
      auto& present = division.class_of[person];
      if (present < others) continue;
      const auto [at, is_new] = into.try_emplace(present, static_cast<std::uint32_t>(subjects.size()));
      if (is_new) {
        auto subject = subjects[present];
        change(*subject, person);
        subjects.push_back(std::move(subject));
      }
      present = at->second;
    }
  };
  for (const auto& group : groups_of(*ns)) {
    const auto at = members_.find(group);
    if (at != members_.end()) split(at->second, [&](Subject& subject, Person) { subject.groups.insert(group); });
  }
  const auto individuals = individuals_of(*ns);
  auto members = find_people({ns->members.begin(), ns->members.end()});
  std::erase_if(members, [&](Person person) {
    return std::find(individuals.begin(), individuals.end(), person) != individuals.end();
  });
  const auto speak_for = [&](Subject& subject, Person person) { subject.account = accounts_[person - 1]; };
  split(members, speak_for);
  for (const auto person : individuals) split({person}, speak_for);
  return division;
}

Subject Crowd::subject_of(Person person) const {
  if (person == anonymous) return {};
  const auto& groups = groups_of_[person];
  return {.account = accounts_[person - 1],
          .administrator = base_[person] == administrators,
          .groups = {groups.begin(), groups.end()}};
}

}  // namespace spectacles::access
