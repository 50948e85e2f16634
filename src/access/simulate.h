// The difference that a change makes: who gains and who loses what. Pure; both sides are decided by access/decide.
//
// Exact for known repositories, and for names to come on which no custom right has a say but those for every name. What
// custom rights say about other names to come is decided on one name for each pattern.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "access/affected.h"
#include "access/crowd.h"
#include "base/clock.h"

namespace spectacles::access {

// Something that was granted, not long ago.
struct Use {
  std::optional<AccountId> account;  // nothing: nobody was signed in
  RegistryId registry;
  RepositoryPath repository;
  ActionSet granted;  // of one request
  Time at;
};

// A difference for some people on some names. An action counts as it is asked for alone, but for push, which is asked
// for together with pull: WRITE is {push}, and what pulls and pushes by READ+WRITE loses {pull} when only WRITE stays.
struct Effect {
  RegistryId registry;
  std::optional<NamespaceName> before;  // the namespaces that decide; nothing: none
  std::optional<NamespaceName> after;
  ActionSet gains;
  ActionSet loses;
  Rule rule_before = Rule::none;
  Rule rule_after = Rule::none;
  std::size_t repositories = 0;        // how many known ones
  std::vector<RepositoryPath> sample;  // the first of them
  std::set<Pattern> patterns;          // also names to come that these match
  bool other_names = false;            // also names to come that no custom right is about
};

struct EffectOnOne {
  Crowd::Person person = Crowd::anonymous;
  std::uint32_t effect = 0;          // its number
  std::map<Action, Time> used = {};  // what of the loss was used, and when last
};

struct Simulation {
  std::vector<Effect> effects;
  std::vector<EffectOnOne> rows;  // losses that are in use first, then other losses; by user
  std::set<Crowd::Person> gaining;
  std::set<Crowd::Person> losing;
  std::set<Crowd::Person> losing_what_is_used;
  std::size_t not_compared = 0;  // known repositories that pass between namespaces of which the asker may not know
};

// `known`: of the affected registries, in order. `may_know`: whether the namespace of this id is the asker's business.
struct Comparison {
  const World& before;
  const World& after;
  const Affected& affected;
  const std::map<RegistryId, std::vector<RepositoryPath>>& known;
  const std::vector<Use>& uses;
  std::function<bool(NamespaceId)> may_know;
};
Simulation simulate(const Comparison& comparison);

}  // namespace spectacles::access
