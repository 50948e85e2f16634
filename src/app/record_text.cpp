#include "app/record_text.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/csv.h"
#include "base/log.h"

namespace spectacles::app {
namespace {

boost::json::value text_or_null(const std::optional<std::string>& text) {
  return text ? boost::json::value(*text) : boost::json::value(nullptr);
}

boost::json::value text_or_null(const std::string& text) {
  return text.empty() ? boost::json::value(nullptr) : boost::json::value(text);
}

// Before and after are stored as JSON text.
boost::json::value parse_or_null(const std::optional<std::string>& text) {
  return text ? boost::json::parse(*text) : boost::json::value(nullptr);
}

boost::json::array list_actions(ActionSet actions, const audit::Decision& decision) {
  if (decision.repository.empty()) return actions.empty() ? boost::json::array() : boost::json::array{"*"};
  boost::json::array list;
  for (const auto& name : actions.names()) list.emplace_back(name);
  return list;
}

boost::json::array list_passed_over(const audit::Decision& decision) {
  boost::json::array list;
  for (const auto& finding : decision.passed_over) {
    list.push_back(boost::json::object{{"rule", finding.rule}, {"reason", finding.reason}});
  }
  return list;
}

std::string join(const std::vector<std::string>& texts) {
  return fmt::format("{}", fmt::join(texts, " "));
}

std::string join_passed_over(const audit::Decision& decision) {
  std::string text;
  for (const auto& [rule, reason] : decision.passed_over) {
    text.append(text.empty() ? "" : "; ").append(rule).append(": ").append(reason);
  }
  return text;
}

}  // namespace

boost::json::object render_event(const audit::RecordedEvent& event) {
  boost::json::object rendered{{"id", event.id},
                               {"at", render_rfc3339(event.at)},
                               {"action", event.action},
                               {"subject", event.subject},
                               {"outcome", event.outcome}};
  rendered["actor"] = text_or_null(event.actor);
  rendered["address"] = text_or_null(event.address);
  rendered["before"] = parse_or_null(event.before);
  rendered["after"] = parse_or_null(event.after);
  return rendered;
}

boost::json::object render_decision(const audit::RecordedDecision& recorded) {
  const auto& decision = recorded.decision;
  boost::json::object rendered{{"id", recorded.id},
                               {"at", render_rfc3339(decision.at)},
                               {"last_at", render_rfc3339(decision.last_at)},
                               {"count", decision.count},
                               {"outcome", audit::render_verdict(decision.verdict)},
                               {"registry", decision.registry},
                               {"requested", list_actions(decision.requested, decision)},
                               {"granted", list_actions(decision.granted, decision)},
                               {"missing", list_actions(decision.requested - decision.granted, decision)},
                               {"rule", decision.rule},
                               {"reason", decision.reason},
                               {"passed_over", list_passed_over(decision)}};
  rendered["user"] = text_or_null(decision.user);
  rendered["namespace"] = text_or_null(decision.ns);
  rendered["namespace_id"] = decision.ns_id ? boost::json::value(decision.ns_id->value()) : boost::json::value(nullptr);
  rendered["repository"] = text_or_null(decision.repository);
  rendered["who_can_grant"] = boost::json::value_from(recorded.who_can_grant);
  rendered["address"] = text_or_null(decision.address);
  rendered["client"] = text_or_null(decision.client);
  return rendered;
}

std::string event_csv_header() {
  return csv_row({"id", "at", "actor", "action", "subject", "address", "outcome", "before", "after"});
}

std::string render_event_csv(const audit::RecordedEvent& event) {
  return csv_row({std::to_string(event.id), render_rfc3339(event.at), event.actor.value_or(""), event.action,
                  event.subject, event.address.value_or(""), event.outcome, event.before.value_or(""),
                  event.after.value_or("")});
}

std::string decision_csv_header() {
  return csv_row({"id", "at", "last_at", "count", "outcome", "user", "registry", "namespace", "namespace_id",
                  "repository", "requested", "granted", "missing", "rule", "reason", "passed_over", "who_can_grant",
                  "address", "client"});
}

std::string render_decision_csv(const audit::RecordedDecision& recorded) {
  const auto& decision = recorded.decision;
  const auto actions = [&](ActionSet set) { return audit::render_actions(set, decision.repository); };
  return csv_row({std::to_string(recorded.id), render_rfc3339(decision.at), render_rfc3339(decision.last_at),
                  std::to_string(decision.count), std::string(audit::render_verdict(decision.verdict)), decision.user,
                  decision.registry, decision.ns, decision.ns_id ? std::to_string(decision.ns_id->value()) : "",
                  decision.repository, actions(decision.requested), actions(decision.granted),
                  actions(decision.requested - decision.granted), decision.rule, decision.reason,
                  join_passed_over(decision), join(recorded.who_can_grant), decision.address, decision.client});
}

std::string render_event_line(const audit::RecordedEvent& event) {
  return fmt::format("{} {:<16} {:<24} {:<7} {} {}\n", render_rfc3339(event.at), event.actor.value_or("-"),
                     event.action, event.outcome, log::render_value(event.subject), event.address.value_or("-"));
}

std::string render_decision_line(const audit::RecordedDecision& recorded) {
  const auto& decision = recorded.decision;
  auto line =
      fmt::format("{} {:<7} {:>6} {:<16} {} {} {} rule {}: {}", render_rfc3339(decision.at),
                  audit::render_verdict(decision.verdict), decision.count, decision.user.empty() ? "-" : decision.user,
                  log::render_value(decision.registry), decision.repository.empty() ? "-" : decision.repository,
                  audit::render_actions(decision.requested, decision.repository), decision.rule, decision.reason);
  if (!recorded.who_can_grant.empty()) line += "; can be granted by " + join(recorded.who_can_grant);
  return line + "\n";
}

}  // namespace spectacles::app
