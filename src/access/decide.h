// The decision: may this one do this on that repository? Pure; every answer the program gives about rights comes from
// here (the token endpoint, the pages, `explain`).
//
// The first rule that applies decides, also when it says NONE; then what is open to everybody is added:
//   admin, owner                   FULL
//   user_claim                     the most specific custom right of the user that matches
//   member                         the namespace's member right
//   group_claim                    the union of the most specific custom right of each of his groups
//   group                          the namespace's group right
//   other                          the namespace's right for anybody signed in
//   anonymous                      READ for everybody, if the namespace has it
//   none                           nothing applied
// While a registry is paused, what that takes away is the rule `maintenance` (access/pause).
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "access/level.h"
#include "access/namespace.h"
#include "names/action.h"
#include "names/ids.h"
#include "names/repository_path.h"

namespace spectacles::access {

enum class Rule { admin, owner, user_claim, member, group_claim, group, other, anonymous, none, maintenance };

std::string_view render_rule(Rule rule);  // as above

// Who asks, as far as rights are concerned. Without an account: nobody signed in.
struct Subject {
  std::optional<AccountId> account;
  bool administrator = false;
  std::set<GroupId> groups;
};

// A rule and what it said, or why it did not apply.
struct Finding {
  Rule rule;
  std::string reason;

  bool operator==(const Finding&) const = default;
};

struct Decision {
  ActionSet requested;
  ActionSet granted;    // what of `requested` is allowed
  Abilities abilities;  // all that is allowed
  Rule rule = Rule::none;
  std::string reason;                // one sentence on `rule`
  std::vector<Finding> passed_over;  // the rules before it, in order

  bool everything_granted() const { return granted == requested && !requested.empty(); }
};

// `covering` is the namespace that decides on `path` (rows::find_covering), or none: then administrators may everything
// and everybody else nothing.
Decision decide(const Subject& subject, const Namespace* covering, const RepositoryPath& path, ActionSet requested);

}  // namespace spectacles::access
