#include "access/decide.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace spectacles::access {
namespace {

// What a rule gives, if it applies.
struct Verdict {
  Rule rule;
  Abilities abilities;
  std::string reason;
};

// "More specific": more literal characters, then fewer '*', then the lower right.
bool is_more_specific(const Claim& left, const Claim& right) {
  const auto left_rank = left.pattern.specificity();
  const auto right_rank = right.pattern.specificity();
  return left_rank != right_rank ? left_rank > right_rank : left.level < right.level;
}

const Claim* more_specific(const Claim* best, const Claim& claim) {
  return best == nullptr || is_more_specific(claim, *best) ? &claim : best;
}

std::string describe(const Claim& claim, std::string_view kind) {
  return fmt::format("the custom right \"{}\" of {} {} says {}", claim.pattern.str(), kind, claim.holder_name,
                     render_level(claim.level));
}

// One question to one namespace: the rules as functions in the order in which they are asked.
class Inquiry {
 public:
  Inquiry(const Subject& subject, const Namespace& ns, const RepositoryPath& path)
      : subject_(subject), ns_(ns), rest_(ns.name.rest_of(path)) {}

  // Asks until a rule applies; those before it are noted as passed over.
  std::optional<Verdict> ask(std::vector<Finding>& passed_over) const {
    using Ask = std::optional<Verdict> (Inquiry::*)() const;
    struct Step {
      Rule rule;
      Ask ask;
      std::string_view otherwise;
    };
    static constexpr Step steps[] = {
        {Rule::admin, &Inquiry::admin, "not an administrator"},
        {Rule::owner, &Inquiry::owner, "not the owner of the namespace"},
        {Rule::user_claim, &Inquiry::user_claim, "no custom right of the user matches"},
        {Rule::member, &Inquiry::member, "not a member of the namespace"},
        {Rule::group_claim, &Inquiry::group_claim, "no custom right of a group of the user matches"},
        {Rule::group, &Inquiry::group, "no group of the user is assigned to the namespace"},
        {Rule::other, &Inquiry::other, "nobody is signed in"},
    };
    for (const auto& step : steps) {
      if (auto verdict = (this->*step.ask)()) return verdict;
      passed_over.push_back({step.rule, std::string(step.otherwise)});
    }
    return std::nullopt;
  }

 private:
  std::optional<Verdict> admin() const {
    if (!subject_.administrator) return std::nullopt;
    return Verdict{Rule::admin, Abilities(Level::full), "an administrator may do everything"};
  }

  std::optional<Verdict> owner() const {
    if (subject_.account != ns_.owner) return std::nullopt;
    return Verdict{Rule::owner, Abilities(Level::full),
                   fmt::format("the owner of the namespace {} may do everything in it", ns_.name.str())};
  }

  std::optional<Verdict> user_claim() const {
    const Claim* best = nullptr;
    for (const auto& claim : ns_.claims) {
      const auto* holder = std::get_if<AccountId>(&claim.holder);
      if (holder != nullptr && subject_.account == *holder && claim.pattern.matches(rest_)) {
        best = more_specific(best, claim);
      }
    }
    if (best == nullptr) return std::nullopt;
    return Verdict{Rule::user_claim, Abilities(best->level), describe(*best, "user")};
  }

  std::optional<Verdict> member() const {
    if (!subject_.account || !ns_.members.contains(*subject_.account)) return std::nullopt;
    return of_level(Rule::member, ns_.member_access, "members");
  }

  std::optional<Verdict> group_claim() const {
    std::map<GroupId, const Claim*> best_of;
    for (const auto& claim : ns_.claims) {
      const auto* holder = std::get_if<GroupId>(&claim.holder);
      if (holder == nullptr || !subject_.groups.contains(*holder) || !claim.pattern.matches(rest_)) continue;
      auto& best = best_of.try_emplace(*holder, nullptr).first->second;
      best = more_specific(best, claim);
    }
    if (best_of.empty()) return std::nullopt;
    Verdict verdict{Rule::group_claim, Abilities(Level::none), ""};
    for (const auto& [group, claim] : best_of) {
      verdict.abilities = verdict.abilities | Abilities(claim->level);
      if (!verdict.reason.empty()) verdict.reason += "; ";
      verdict.reason += describe(*claim, "group");
    }
    return verdict;
  }

  std::optional<Verdict> group() const {
    const bool assigned = std::any_of(ns_.groups.begin(), ns_.groups.end(),
                                      [&](GroupId group) { return subject_.groups.contains(group); });
    if (!assigned) return std::nullopt;
    return of_level(Rule::group, ns_.group_access, "groups");
  }

  std::optional<Verdict> other() const {
    if (!subject_.account) return std::nullopt;
    return of_level(Rule::other, ns_.other_access, "other users");
  }

  Verdict of_level(Rule rule, Level level, std::string_view whose) const {
    return {rule, Abilities(level),
            fmt::format("the namespace {} gives {} to its {}", ns_.name.str(), render_level(level), whose)};
  }

  const Subject& subject_;
  const Namespace& ns_;
  std::string_view rest_;
};

Verdict uncovered(const Subject& subject, const RepositoryPath& path) {
  if (subject.administrator) {
    return {Rule::admin, Abilities(Level::full), "an administrator may do everything, also outside of all namespaces"};
  }
  return {Rule::none, Abilities(Level::none), fmt::format("no namespace covers {}", path.str())};
}

// WRITE is the one level whose meaning surprises: it pulls only together with a push.
std::string reason_with_hint(const Verdict& verdict, ActionSet requested) {
  const ActionSet pull{Action::pull};
  const ActionSet both{Action::pull, Action::push};
  if (requested == pull && verdict.abilities.granted(pull).empty() && verdict.abilities.granted(both) == both) {
    return verdict.reason + "; WRITE pulls only what the same request also pushes";
  }
  return verdict.reason;
}

Decision conclude(const Verdict& verdict, ActionSet requested, std::vector<Finding> passed_over) {
  return {.requested = requested,
          .granted = verdict.abilities.granted(requested),
          .abilities = verdict.abilities,
          .rule = verdict.rule,
          .reason = reason_with_hint(verdict, requested),
          .passed_over = std::move(passed_over)};
}

}  // namespace

std::string_view render_rule(Rule rule) {
  switch (rule) {
    case Rule::admin:
      return "admin";
    case Rule::owner:
      return "owner";
    case Rule::user_claim:
      return "user_claim";
    case Rule::member:
      return "member";
    case Rule::group_claim:
      return "group_claim";
    case Rule::group:
      return "group";
    case Rule::other:
      return "other";
    case Rule::anonymous:
      return "anonymous";
    case Rule::none:
      return "none";
    case Rule::maintenance:
      return "maintenance";
  }
  return "none";
}

Decision decide(const Subject& subject, const Namespace* covering, const RepositoryPath& path, ActionSet requested) {
  if (covering == nullptr) return conclude(uncovered(subject, path), requested, {});

  std::vector<Finding> passed_over;
  const auto verdict = Inquiry(subject, *covering, path).ask(passed_over);
  const Abilities open_to_all(covering->anonymous_access);
  const Verdict everybody{
      Rule::anonymous, open_to_all | (verdict ? verdict->abilities : Abilities(Level::none)),
      fmt::format("the namespace {} gives READ to everybody, signed in or not", covering->name.str())};

  if (!verdict) {
    if (!open_to_all.empty()) return conclude(everybody, requested, std::move(passed_over));
    passed_over.push_back({Rule::anonymous, "the namespace gives nothing to everybody"});
    const Verdict nothing{Rule::none, Abilities(Level::none),
                          "nobody is signed in, and the namespace gives nothing then"};
    return conclude(nothing, requested, std::move(passed_over));
  }
  if (everybody.abilities.granted(requested) == verdict->abilities.granted(requested)) {
    auto decision = conclude(*verdict, requested, std::move(passed_over));
    decision.abilities = everybody.abilities;
    return decision;
  }
  passed_over.push_back({verdict->rule, verdict->reason});
  return conclude(everybody, requested, std::move(passed_over));
}

}  // namespace spectacles::access
