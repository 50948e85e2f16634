#include "audit/decision.h"

#include <algorithm>
#include <array>

namespace spectacles::audit {
std::string_view render_verdict(Verdict verdict) {
  return verdict == Verdict::granted ? "granted" : "refused";
}

bool is_rule(std::string_view text) {
  constexpr std::array<std::string_view, 11> rules{"admin",       "owner",       "user_claim",    "member",
                                                   "group_claim", "maintenance", "group",         "other",
                                                   "anonymous",   "none",        credentials_rule};
  return std::find(rules.begin(), rules.end(), text) != rules.end();
}

Time hour_of(Time time) {
  return std::chrono::floor<std::chrono::hours>(time);
}

std::string render_actions(ActionSet actions, std::string_view repository) {
  if (repository.empty()) return actions.empty() ? "" : "*";
  return actions.str();
}

ActionSet parse_recorded_actions(std::string_view text) {
  if (text == "*") return ActionSet::all();
  ActionSet actions;
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    if (const auto action = find_action(text.substr(0, end))) actions.add(*action);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return actions;
}

}  // namespace spectacles::audit
