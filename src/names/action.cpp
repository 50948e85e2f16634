#include "names/action.h"

namespace spectacles {
namespace {

constexpr Action in_order[] = {Action::pull, Action::push, Action::del};

}  // namespace

std::string_view render_action(Action action) {
  switch (action) {
    case Action::pull:
      return "pull";
    case Action::push:
      return "push";
    case Action::del:
      return "delete";
  }
  return "";
}

std::optional<Action> find_action(std::string_view case_sensitive) {
  for (const Action action : in_order) {
    if (render_action(action) == case_sensitive) return action;
  }
  return std::nullopt;
}

std::vector<std::string> ActionSet::names() const {
  std::vector<std::string> names;
  for (const Action action : in_order) {
    if (has(action)) names.emplace_back(render_action(action));
  }
  return names;
}

std::string ActionSet::str() const {
  std::string text;
  for (const Action action : in_order) {
    if (!has(action)) continue;
    if (!text.empty()) text += ',';
    text += render_action(action);
  }
  return text;
}

}  // namespace spectacles
