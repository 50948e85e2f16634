#include "access/level.h"

#include <array>
#include <utility>

namespace spectacles::access {
namespace {

enum Ability : int { pull = 1, push = 2, pull_with_push = 4, del = 8 };

constexpr std::array<std::pair<Level, std::string_view>, 4> level_names{{
    {Level::none, "NONE"},
    {Level::read, "READ"},
    {Level::write, "WRITE"},
    {Level::full, "FULL"},
}};

int abilities_of(Level level) {
  switch (level) {
    case Level::none:
      return 0;
    case Level::read:
      return pull;
    case Level::write:
      return push | pull_with_push;
    case Level::full:
      return pull | push | pull_with_push | del;
  }
  return 0;
}

}  // namespace

std::string_view render_level(Level level) {
  return level_names[static_cast<std::size_t>(level)].second;
}

Result<Level> parse_level(std::string_view text) {
  for (const auto& [level, name] : level_names) {
    if (name == text) return level;
  }
  return refuse(RefusalKind::invalid, "an access is NONE, READ, WRITE or FULL");
}

Abilities::Abilities(Level level) : Abilities(abilities_of(level)) {}

ActionSet Abilities::granted(ActionSet requested) const {
  ActionSet allowed;
  const bool pushes = requested.has(Action::push) && (bits_ & push) != 0;
  if ((bits_ & pull) != 0 || (pushes && (bits_ & pull_with_push) != 0)) allowed.add(Action::pull);
  if ((bits_ & push) != 0) allowed.add(Action::push);
  if ((bits_ & del) != 0) allowed.add(Action::del);
  return requested & allowed;
}

Abilities Abilities::reading() const {
  return Abilities(bits_ & pull);
}

std::string Abilities::str() const {
  for (const auto& [level, name] : level_names) {
    if (Abilities(level) == *this) return std::string(name);
  }
  return "READ+WRITE";  // the only union that is not a level of its own
}

}  // namespace spectacles::access
