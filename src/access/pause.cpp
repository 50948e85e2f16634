#include "access/pause.h"

#include <fmt/format.h>

namespace spectacles::access {

std::string describe(const Pause& pause) {
  return fmt::format("the registry has been paused for garbage collection since {} by {}{}",
                     render_rfc3339(pause.since), pause.by, pause.reason.empty() ? "" : ": " + pause.reason);
}

Decision apply_pause(Decision decision, const std::optional<Pause>& pause) {
  if (!pause) return decision;
  decision.abilities = decision.abilities.reading();
  const auto granted = decision.abilities.granted(decision.requested);
  if (granted == decision.granted) return decision;
  decision.granted = granted;
  decision.passed_over.push_back({decision.rule, std::move(decision.reason)});
  decision.rule = Rule::maintenance;
  decision.reason = describe(*pause);
  return decision;
}

}  // namespace spectacles::access
