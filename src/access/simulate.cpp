#include "access/simulate.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "access/alike.h"
#include "access/example.h"
#include "access/visible.h"

namespace spectacles::access {
namespace {

constexpr std::size_t most_samples = 5;

// See Effect.
ActionSet actions_of(const Abilities& abilities) {
  const ActionSet pull{Action::pull};
  const ActionSet push{Action::push};
  const ActionSet del{Action::del};
  return abilities.granted(pull) | (abilities.granted(pull | push) & push) | abilities.granted(del);
}

// The namespaces that decide before and after; null: none.
using Deciding = std::pair<const Namespace*, const Namespace*>;

// Names of one registry: the known ones first, then those that were used lately, then one for each pattern.
struct Names {
  std::vector<RepositoryPath> paths;
  std::size_t known = 0;
  std::map<std::uint32_t, Pattern> pattern_of;                 // of examples
  std::map<Deciding, std::vector<std::uint32_t>> by_deciding;  // numbers of paths
  std::set<Deciding> other_names;                              // where names to come lie that no custom right is about
  std::map<std::uint32_t, std::vector<const Use*>> uses;       // by number of the path
};

class RegistryNames {
 public:
  RegistryNames(const Comparison& comparison, const NamespaceMap& before, const NamespaceMap& after,
                RegistryId registry)
      : comparison_(comparison), before_(before), after_(after), registry_(registry) {}

  Names collect() {
    if (const auto at = comparison_.known.find(registry_); at != comparison_.known.end()) names_.paths = at->second;
    names_.known = names_.paths.size();
    add_uses();
    for (const auto* all : {&before_, &after_}) add_examples(*all);
    for (std::uint32_t i = 0; i < names_.paths.size(); ++i) {
      const auto deciding = deciding_on(names_.paths[i]);
      if (comparison_.affected.may_differ(deciding.first, deciding.second)) names_.by_deciding[deciding].push_back(i);
    }
    if (!comparison_.affected.accounts.empty()) names_.other_names.insert({nullptr, nullptr});
    return std::move(names_);
  }

 private:
  Deciding deciding_on(const RepositoryPath& path) const {
    return {before_.find_covering(registry_, path), after_.find_covering(registry_, path)};
  }

  void add_uses() {
    std::map<RepositoryPath, std::uint32_t> unknown;
    for (const auto& use : comparison_.uses) {
      if (use.registry != registry_) continue;
      const auto known_end = names_.paths.begin() + static_cast<std::ptrdiff_t>(names_.known);
      const auto at = std::lower_bound(names_.paths.begin(), known_end, use.repository);
      auto number = static_cast<std::uint32_t>(at - names_.paths.begin());
      if (at == known_end || *at != use.repository) {
        const auto [added, is_new] =
            unknown.try_emplace(use.repository, static_cast<std::uint32_t>(names_.paths.size()));
        if (is_new) names_.paths.push_back(use.repository);
        number = added->second;
      }
      names_.uses[number].push_back(&use);
    }
  }

  void add_examples(const NamespaceMap& all) {
    for (const auto& ns : all.all()) {
      if (ns.registry != registry_) continue;
      const auto ordinary = ordinary_example(ns);
      if (!ordinary) continue;
      const auto deciding = deciding_on(*ordinary);
      if (!comparison_.affected.may_differ(deciding.first, deciding.second)) continue;
      names_.other_names.insert(deciding);
      for (const auto& claim : ns.claims) {
        if (matches_everything(claim.pattern)) continue;
        auto example = example_of(claim.pattern, ns, all);
        if (!example) continue;
        names_.pattern_of.emplace(static_cast<std::uint32_t>(names_.paths.size()), claim.pattern);
        names_.paths.push_back(*std::move(example));
      }
    }
  }

  const Comparison& comparison_;
  const NamespaceMap& before_;
  const NamespaceMap& after_;
  const RegistryId registry_;
  Names names_;
};

bool are_alike(const std::optional<Subject>& left, const std::optional<Subject>& right) {
  if (!left || !right) return !left && !right;
  return left->account == right->account && left->administrator == right->administrator &&
         left->groups == right->groups;
}

struct Side {
  Abilities abilities;
  Rule rule = Rule::none;
};

Side side_of(const std::optional<Subject>& subject, const Namespace* ns, const RepositoryPath& path) {
  if (!subject) return {};  // may not sign in
  const auto decision = decide(*subject, ns, path, ActionSet::all());
  return {decision.abilities, decision.rule};
}

// Compares one pair of namespaces for everybody.
class PairComparison {
 public:
  PairComparison(const Deciding& deciding, const Names& names, RegistryId registry, Simulation& simulation)
      : deciding_(deciding), names_(names), registry_(registry), simulation_(simulation) {}

  void compare(const Crowd& before, const Crowd& after, const std::map<AccountId, Crowd::Person>& person_of) {
    const auto people_before = before.divide(deciding_.first);
    const auto people_after = after.divide(deciding_.second);
    const bool same_rights = deciding_.first != nullptr && deciding_.second != nullptr
                                 ? *deciding_.first == *deciding_.second
                                 : deciding_.first == deciding_.second;
    if (const auto at = names_.by_deciding.find(deciding_); at != names_.by_deciding.end()) {
      name_classes_ = divide_names(at->second, names_.paths, {deciding_.first, deciding_.second});
    }
    using Classes = std::pair<std::uint32_t, std::uint32_t>;
    std::map<Classes, std::vector<Crowd::Person>> people_of;
    std::vector<std::vector<Crowd::Person>*> found(people_before.subjects.size() * people_after.subjects.size());
    for (Crowd::Person person = 0; person < people_before.class_of.size(); ++person) {
      const Classes classes{people_before.class_of[person], people_after.class_of[person]};
      auto*& people = found[classes.first * people_after.subjects.size() + classes.second];
      if (people == nullptr) people = &people_of[classes];
      people->push_back(person);
    }
    for (const auto& [classes, people] : people_of) {
      const auto& subject_before = people_before.subjects[classes.first];
      const auto& subject_after = people_after.subjects[classes.second];
      if (same_rights && are_alike(subject_before, subject_after)) continue;
      compare(subject_before, subject_after, people, person_of);
    }
  }

 private:
  using EffectKey = std::tuple<std::string, std::string, Rule, Rule>;

  void compare(const std::optional<Subject>& before, const std::optional<Subject>& after,
               const std::vector<Crowd::Person>& people, const std::map<AccountId, Crowd::Person>& person_of) {
    effects_.clear();
    first_names_.clear();
    std::map<std::pair<std::uint32_t, Crowd::Person>, std::map<Action, Time>> used;
    for (const auto& alike : name_classes_) {
      const auto& path = names_.paths[alike.front()];
      const auto then = side_of(after, deciding_.second, path);
      const auto effect = note(side_of(before, deciding_.first, path), then);
      if (!effect) continue;
      for (const auto name : alike) {
        add_name(*effect, name);
        add_uses(*effect, name, then.abilities, people, person_of, used);
      }
    }
    if (names_.other_names.contains(deciding_)) compare_other_names(before, after);
    for (const auto& [key, effect] : effects_) {
      auto& what = simulation_.effects[effect];
      for (const auto name : first_names_[effect]) what.sample.push_back(names_.paths[name]);
      for (const auto person : people) {
        EffectOnOne row{.person = person, .effect = effect};
        if (const auto at = used.find({effect, person}); at != used.end()) row.used = at->second;
        if (!what.gains.empty()) simulation_.gaining.insert(person);
        if (!what.loses.empty()) simulation_.losing.insert(person);
        if (!row.used.empty()) simulation_.losing_what_is_used.insert(person);
        simulation_.rows.push_back(std::move(row));
      }
    }
  }

  void compare_other_names(const std::optional<Subject>& before, const std::optional<Subject>& after) {
    const auto side = [](const std::optional<Subject>& subject, const Namespace* ns) {
      if (ns == nullptr) return side_of(subject, nullptr, RepositoryPath::parse("x").value());
      const auto rest = without_exceptions(*ns);
      return side_of(subject, &rest, ordinary_example(*ns).value());
    };
    const auto effect = note(side(before, deciding_.first), side(after, deciding_.second));
    if (effect) simulation_.effects[*effect].other_names = true;
  }

  // The number of the effect, if there is a difference.
  std::optional<std::uint32_t> note(const Side& before, const Side& after) {
    const auto could = actions_of(before.abilities);
    const auto can = actions_of(after.abilities);
    if (could == can) return std::nullopt;
    const EffectKey key{(can - could).str(), (could - can).str(), before.rule, after.rule};
    const auto [at, is_new] = effects_.try_emplace(key, static_cast<std::uint32_t>(simulation_.effects.size()));
    if (is_new) {
      const auto name_of = [](const Namespace* ns) { return ns != nullptr ? std::optional(ns->name) : std::nullopt; };
      simulation_.effects.push_back({.registry = registry_,
                                     .before = name_of(deciding_.first),
                                     .after = name_of(deciding_.second),
                                     .gains = can - could,
                                     .loses = could - can,
                                     .rule_before = before.rule,
                                     .rule_after = after.rule,
                                     .sample = {},
                                     .patterns = {}});
    }
    return at->second;
  }

  void add_name(std::uint32_t number, std::uint32_t name) {
    auto& effect = simulation_.effects[number];
    if (const auto at = names_.pattern_of.find(name); at != names_.pattern_of.end()) effect.patterns.insert(at->second);
    if (name >= names_.known) return;
    ++effect.repositories;
    auto& first = first_names_[number];
    first.insert(name);
    if (first.size() > most_samples) first.erase(std::prev(first.end()));
  }

  void add_uses(std::uint32_t effect, std::uint32_t name, const Abilities& after,
                const std::vector<Crowd::Person>& people, const std::map<AccountId, Crowd::Person>& person_of,
                std::map<std::pair<std::uint32_t, Crowd::Person>, std::map<Action, Time>>& used) const {
    const auto uses = names_.uses.find(name);
    if (uses == names_.uses.end()) return;
    for (const auto* use : uses->second) {
      auto person = Crowd::anonymous;
      if (use->account) {
        const auto at = person_of.find(*use->account);
        if (at == person_of.end()) continue;
        person = at->second;
      }
      if (!std::binary_search(people.begin(), people.end(), person)) continue;
      // What that very request would not be granted any more.
      const auto lost = (use->granted - after.granted(use->granted)) & simulation_.effects[effect].loses;
      for (const auto action : {Action::pull, Action::push, Action::del}) {
        if (!lost.has(action)) continue;
        auto& last = used[{effect, person}].try_emplace(action, use->at).first->second;
        last = std::max(last, use->at);
      }
    }
  }

  const Deciding deciding_;
  const Names& names_;
  const RegistryId registry_;
  Simulation& simulation_;
  std::vector<std::vector<std::uint32_t>> name_classes_;
  // Of the people who are looked at:
  std::map<EffectKey, std::uint32_t> effects_;
  std::map<std::uint32_t, std::set<std::uint32_t>> first_names_;  // of the known ones, by effect
};

// Losses that are in use first, then other losses.
int urgency(const Simulation& simulation, const EffectOnOne& row) {
  if (!row.used.empty()) return 0;
  return simulation.effects[row.effect].loses.empty() ? 2 : 1;
}

std::size_t count_known(const Names& names, const Deciding& deciding) {
  const auto at = names.by_deciding.find(deciding);
  if (at == names.by_deciding.end()) return 0;
  return static_cast<std::size_t>(
      std::count_if(at->second.begin(), at->second.end(), [&](std::uint32_t name) { return name < names.known; }));
}

std::set<Deciding> all_pairs(const Names& names) {
  auto pairs = names.other_names;
  for (const auto& [deciding, numbers] : names.by_deciding) pairs.insert(deciding);
  return pairs;
}

}  // namespace

Simulation simulate(const Comparison& comparison) {
  Simulation simulation;
  const NamespaceMap namespaces_before(comparison.before.namespaces);
  const NamespaceMap namespaces_after(comparison.after.namespaces);
  const Crowd before(comparison.before);
  const Crowd after(comparison.after);
  std::map<AccountId, Crowd::Person> person_of;
  for (std::size_t i = 0; i < comparison.before.accounts.size(); ++i) {
    person_of.emplace(comparison.before.accounts[i].id, static_cast<Crowd::Person>(i + 1));
  }
  for (const auto& registry : comparison.affected.registries) {
    const auto names = RegistryNames(comparison, namespaces_before, namespaces_after, registry).collect();
    for (const auto& deciding : all_pairs(names)) {
      const auto may_know = [&](const Namespace* ns) { return ns == nullptr || comparison.may_know(ns->id); };
      if (may_know(deciding.first) && may_know(deciding.second)) {
        PairComparison(deciding, names, registry, simulation).compare(before, after, person_of);
      } else {
        simulation.not_compared += count_known(names, deciding);
      }
    }
  }
  std::sort(simulation.rows.begin(), simulation.rows.end(), [&](const EffectOnOne& left, const EffectOnOne& right) {
    const auto key = [&](const EffectOnOne& row) {
      const auto& effect = simulation.effects[row.effect];
      return std::tuple(urgency(simulation, row), row.person, effect.registry, effect.before, effect.after, row.effect);
    };
    return key(left) < key(right);
  });
  return simulation;
}

}  // namespace spectacles::access
