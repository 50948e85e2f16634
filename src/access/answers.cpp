#include "access/answers.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>

namespace spectacles::access {
namespace {

template <class Name>
boost::json::value text_or_null(const std::optional<Name>& name) {
  return name ? boost::json::value(name->str()) : boost::json::value(nullptr);
}

boost::json::array texts(const std::vector<std::string>& words) {
  boost::json::array array;
  for (const auto& word : words) array.emplace_back(word);
  return array;
}

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace

boost::json::object render_grantee(const Grantee& grantee, const WhoAnswer& answer) {
  boost::json::object rendered{{"granted_actions", texts(grantee.decision.granted.names())},
                               {"rule", render_rule(grantee.decision.rule)},
                               {"reason", grantee.decision.reason},
                               {"via", texts(grantee.via)},
                               {"repository", grantee.decided_on.str()}};
  rendered["user"] = text_or_null(grantee.user);
  rendered["repositories"] = boost::json::object{{"granted", grantee.repositories}, {"asked", answer.repositories}};
  return rendered;
}

boost::json::object render_reach(const Reach& reach) {
  boost::json::array exceptions;
  for (const auto& exception : reach.exceptions) {
    exceptions.push_back(boost::json::object{{"pattern", exception.pattern.str()},
                                             {"example", exception.example.str()},
                                             {"access", exception.decision.abilities.str()},
                                             {"rule", render_rule(exception.decision.rule)},
                                             {"reason", exception.decision.reason}});
  }
  boost::json::object rendered{{"registry", reach.registry.str()},
                               {"access", reach.decision.abilities.str()},
                               {"rule", render_rule(reach.decision.rule)},
                               {"reason", reach.decision.reason},
                               {"exceptions", std::move(exceptions)}};
  rendered["namespace"] = text_or_null(reach.ns);
  return rendered;
}

boost::json::object render_reached_repository(const ReachedRepository& reached) {
  boost::json::object rendered{
      {"registry", reached.registry.str()},         {"repository", reached.repository.str()},
      {"access", reached.decision.abilities.str()}, {"granted_actions", texts(reached.decision.granted.names())},
      {"rule", render_rule(reached.decision.rule)}, {"reason", reached.decision.reason}};
  rendered["namespace"] = text_or_null(reached.ns);
  return rendered;
}

std::string render_who_text(const WhoAnswer& answer) {
  std::string text;
  for (const auto& grantee : answer.grantees) {
    text += fmt::format("{:<24} {:<12}", grantee.user ? grantee.user->str() : "(not signed in)",
                        render_rule(grantee.decision.rule));
    if (answer.is_pattern) text += fmt::format(" on {} of {}", grantee.repositories, answer.repositories);
    if (!grantee.via.empty()) text += fmt::format(" by {}", join(grantee.via));
    text += '\n';
  }
  if (answer.is_pattern && answer.repositories == 0) return "no known repository matches\n";
  return text.empty() ? "nobody\n" : text;
}

std::string render_reach_text(const std::vector<Reach>& rows) {
  std::string text;
  for (const auto& row : rows) {
    text += fmt::format("{:<16} {:<32} {:<12} {}\n", row.registry.str(),
                        row.ns ? row.ns->str() : "(outside of all namespaces)", row.decision.abilities.str(),
                        render_rule(row.decision.rule));
    for (const auto& exception : row.exceptions) {
      text += fmt::format("{:<16}   {:<30} {:<12} {}\n", "", exception.pattern.str(),
                          exception.decision.abilities.str(), render_rule(exception.decision.rule));
    }
  }
  return text.empty() ? "nothing\n" : text;
}

std::string render_reached_text(const std::vector<ReachedRepository>& rows) {
  std::string text;
  for (const auto& row : rows) {
    text += fmt::format("{:<16} {:<48} {:<12} {}\n", row.registry.str(), row.repository.str(),
                        row.decision.abilities.str(), render_rule(row.decision.rule));
  }
  return text.empty() ? "nothing\n" : text;
}

}  // namespace spectacles::access
