#include "access/explanation.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>

namespace spectacles::access {
namespace {

// "*" for all three, as it was most likely asked.
std::string render_requested(ActionSet actions) {
  return actions == ActionSet::all() ? "*" : actions.str();
}

std::string join(const std::vector<UserName>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name.str();
  return text;
}

}  // namespace

boost::json::object render_explanation(const Explanation& explanation) {
  const auto& decision = explanation.decision;
  boost::json::array granted_actions;
  for (const auto& action : decision.granted.names()) granted_actions.emplace_back(action);
  boost::json::array passed_over;
  for (const auto& finding : decision.passed_over) {
    passed_over.push_back(boost::json::object{{"rule", render_rule(finding.rule)}, {"reason", finding.reason}});
  }
  boost::json::array who_can_grant;
  for (const auto& name : explanation.who_can_grant) who_can_grant.emplace_back(name.str());
  boost::json::object rendered{{"granted", decision.everything_granted()},
                               {"granted_actions", std::move(granted_actions)},
                               {"rule", render_rule(decision.rule)},
                               {"reason", decision.reason},
                               {"registry", explanation.registry.str()},
                               {"repository", explanation.repository.str()},
                               {"action", render_requested(decision.requested)},
                               {"passed_over", std::move(passed_over)},
                               {"who_can_grant", std::move(who_can_grant)}};
  rendered["namespace"] = explanation.ns ? boost::json::value(explanation.ns->str()) : boost::json::value(nullptr);
  rendered["user"] = explanation.user ? boost::json::value(explanation.user->str()) : boost::json::value(nullptr);
  return rendered;
}

std::string render_explanation_text(const Explanation& explanation) {
  const auto& decision = explanation.decision;
  const auto user = explanation.user ? explanation.user->str() : "anybody without an account";
  std::string verdict = "granted";
  if (!decision.everything_granted()) {
    verdict = decision.granted.empty() ? "denied" : "granted in part: " + decision.granted.str();
  }
  std::string text = fmt::format("{}: {} {} {} on {}\n", verdict, user, render_requested(decision.requested),
                                 explanation.repository.str(), explanation.registry.str());
  text += fmt::format("  rule {}: {}\n", render_rule(decision.rule), decision.reason);
  text += fmt::format("  namespace: {}\n", explanation.ns ? explanation.ns->str() : "none covers this name");
  for (const auto& finding : decision.passed_over) {
    text += fmt::format("  passed over {}: {}\n", render_rule(finding.rule), finding.reason);
  }
  if (!decision.everything_granted() && !explanation.who_can_grant.empty()) {
    text += fmt::format("  who can grant it: {}\n", join(explanation.who_can_grant));
  }
  return text;
}

}  // namespace spectacles::access
