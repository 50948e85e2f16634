// Random worlds for tests that hold all ways of asking about rights against each other.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "access/namespace_change.h"
#include "access/proposal.h"

namespace spectacles::access {

// Everything that can be in such a world.
inline const std::vector<std::string> user_pool{"root", "u1", "u2", "u3", "u4", "u5"};
inline const std::vector<std::string> group_pool{"g1", "g2", "g3"};
inline const std::vector<std::string> registry_pool{"main", "other"};
inline const std::vector<std::string> namespace_pool{"/", "a", "a/b", "a/b/c", "b", "u1"};
inline const std::vector<std::string> pattern_pool{"*", "x", "x*", "?", "b/*", "*/x", "*y", "**", "?*", "x-?", "c"};
inline const std::vector<std::string> path_pool{"x",     "c",     "a/x",     "a/y", "a/x-1", "a/b/x", "a/b/c",
                                                "a/b/y", "a/z-z", "a/b/c/x", "b/x", "b/q/y", "d/x",   "u1/x"};

class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_); }
  bool one_in(std::size_t times) { return below(times) == 0; }
  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }
  std::vector<std::string> some(const std::vector<std::string>& from, std::size_t one_in_times) {
    std::vector<std::string> chosen;
    for (const auto& one : from) {
      if (one_in(one_in_times)) chosen.push_back(one);
    }
    return chosen;
  }

  Level level() { return pick(std::vector{Level::none, Level::read, Level::write, Level::full}); }
  ActionSet actions() {
    ActionSet set;
    while (set.empty()) {
      for (const auto action : {Action::pull, Action::push, Action::del}) {
        if (one_in(2)) set.add(action);
      }
    }
    return set;
  }

 private:
  std::mt19937 random_;
};

template <class Name>
std::vector<Name> parse_all(const std::vector<std::string>& texts) {
  std::vector<Name> names;
  names.reserve(texts.size());
  for (const auto& text : texts) names.push_back(Name::parse(text).value());
  return names;
}

// Now and then with a name that does not exist, where `strangers` says so.
inline NamespaceChange random_rights(Dice& dice, bool strangers) {
  auto users = user_pool;
  auto groups = group_pool;
  if (strangers) {
    users.emplace_back("stranger");
    groups.emplace_back("strangers");
  }
  NamespaceChange change;
  if (dice.one_in(2)) change.owner = UserName::parse(dice.pick(users)).value();
  if (dice.one_in(2)) change.member_access = dice.level();
  if (dice.one_in(2)) change.group_access = dice.level();
  if (dice.one_in(2)) change.other_access = dice.level();
  if (dice.one_in(3)) change.anonymous_access = dice.one_in(2) ? Level::read : Level::none;
  if (dice.one_in(2)) change.members = parse_all<UserName>(dice.some(users, 4));
  if (dice.one_in(2)) change.groups = parse_all<Label>(dice.some(groups, 3));
  if (dice.one_in(2)) {
    change.claims.emplace();
    for (auto left = dice.below(5); left > 0; --left) {
      using Holder = std::variant<UserName, Label>;
      const auto holder = dice.one_in(2) ? Holder(UserName::parse(dice.pick(users)).value())
                                         : Holder(Label::parse(dice.pick(groups)).value());
      change.claims->push_back(
          {.holder = holder, .pattern = Pattern::parse(dice.pick(pattern_pool)).value(), .level = dice.level()});
    }
  }
  return change;
}

// Any change, also ones that are refused.
inline Proposal random_proposal(Dice& dice) {
  const auto name = NamespaceName::parse(dice.pick(namespace_pool)).value();
  const auto target = NamespaceTarget(std::pair(dice.pick(registry_pool), name));
  const auto user = UserName::parse(dice.pick(user_pool)).value();
  const auto group = Label::parse(dice.pick(group_pool)).value();
  const auto members = parse_all<UserName>(dice.some(user_pool, 2));
  switch (dice.below(10)) {
    case 0:
      return CreateNamespace{.registry = dice.pick(registry_pool), .name = name, .wanted = random_rights(dice, true)};
    case 1:
      return RemoveNamespace{target};
    case 2: {
      ChangeUser change{.user = user, .wanted = {}, .groups = {}};
      if (dice.one_in(2)) change.wanted.disabled = dice.one_in(2);
      if (dice.one_in(2)) {
        change.wanted.role =
            dice.pick(std::vector{accounts::Role::user, accounts::Role::auditor, accounts::Role::admin});
      }
      if (dice.one_in(2)) change.groups = parse_all<Label>(dice.some(group_pool, 2));
      return change;
    }
    case 3:
      return RemoveUser{
          .user = user,
          .transfer_to = dice.one_in(3) ? std::nullopt : std::optional(UserName::parse(dice.pick(user_pool)).value())};
    case 4:
      return ChangeGroup{.group = group, .members = members};
    case 5:
      return CreateGroup{.group = dice.one_in(2) ? group : Label::parse("new").value(), .members = members};
    case 6:
      return RemoveGroup{group};
    default:
      return ChangeNamespace{.target = target, .wanted = random_rights(dice, dice.one_in(4))};
  }
}

}  // namespace spectacles::access
