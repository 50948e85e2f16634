#include "access/question.h"

namespace spectacles::access {
namespace {

std::string_view without_host(std::string_view text, const RegistryHost& public_host) {
  const auto prefix = public_host.str() + "/";
  if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
  return text;
}

}  // namespace

Result<ActionSet> parse_actions(std::string_view text) {
  if (text == "*") return ActionSet::all();
  ActionSet actions;
  while (true) {
    const auto comma = text.find(',');
    const auto action = find_action(text.substr(0, comma));
    if (!action) return refuse(RefusalKind::invalid, "an action is pull, push, delete or *", "action");
    actions.add(*action);
    if (comma == std::string_view::npos) return actions;
    text.remove_prefix(comma + 1);
  }
}

Result<RepositoryPath> parse_repository(std::string_view text, const RegistryHost& public_host) {
  auto path = RepositoryPath::parse(without_host(text, public_host));
  if (!path) return refuse(RefusalKind::invalid, path.error().text, "repository");
  return path;
}

Result<Pattern> parse_repository_pattern(std::string_view text, const RegistryHost& public_host) {
  auto pattern = Pattern::parse(without_host(text, public_host));
  if (!pattern) return refuse(RefusalKind::invalid, pattern.error().text, "repository");
  return pattern;
}

bool is_repository_pattern(std::string_view text) {
  return text.find_first_of("*?") != std::string_view::npos;
}

}  // namespace spectacles::access
