#include "audit/decision.h"

#include <algorithm>
#include <array>

namespace spectacles::audit {
namespace {

constexpr std::size_t most_reason_bytes = 2000;
constexpr std::size_t most_client_bytes = 200;
constexpr std::size_t most_address_bytes = 64;

// The beginning of a text, cut between two characters of UTF-8.
std::string_view cut(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0U) == 0x80U) --most;
  return text.substr(0, most);
}

std::vector<Finding> list_passed_over(const Decided& decided) {
  if (!decided.passed_over) return {};
  auto findings = decided.passed_over();
  for (auto& finding : findings) finding.reason = cut(finding.reason, most_reason_bytes);
  return findings;
}

}  // namespace

std::string_view render_verdict(Verdict verdict) {
  return verdict == Verdict::granted ? "granted" : "refused";
}

bool is_rule(std::string_view text) {
  constexpr std::array<std::string_view, 11> rules{"admin",       "owner",       "user_claim",    "member",
                                                   "group_claim", "maintenance", "group",         "other",
                                                   "anonymous",   "none",        credentials_rule};
  return std::find(rules.begin(), rules.end(), text) != rules.end();
}

Decision keep(const Decided& decided, Time now) {
  return {.at = now,
          .last_at = now,
          .count = 1,
          .verdict = decided.verdict(),
          .account = decided.account,
          .user = std::string(decided.user),
          .registry_id = decided.registry_id,
          .registry = std::string(decided.registry),
          .ns_id = decided.ns_id,
          .ns = std::string(decided.ns),
          .repository = std::string(decided.repository),
          .requested = decided.requested,
          .granted = decided.granted,
          .rule = std::string(decided.rule),
          .reason = std::string(cut(decided.reason, most_reason_bytes)),
          .passed_over = list_passed_over(decided),
          .address = std::string(cut(decided.address, most_address_bytes)),
          .client = std::string(cut(decided.client, most_client_bytes))};
}

void add(Decision& sum, const Decided& decided, Time now) {
  ++sum.count;
  sum.last_at = std::max(sum.last_at, now);
  sum.address = cut(decided.address, most_address_bytes);
  sum.client = cut(decided.client, most_client_bytes);
  // Equal as long as nobody changes a right, so nothing is copied but then.
  if (sum.rule == decided.rule && sum.reason == cut(decided.reason, most_reason_bytes)) return;
  sum.rule = decided.rule;
  sum.reason = cut(decided.reason, most_reason_bytes);
  sum.passed_over = list_passed_over(decided);
  sum.ns_id = decided.ns_id;
  sum.ns = decided.ns;
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
