#include "app/record_filter.h"

namespace spectacles::app {
namespace {

std::optional<std::string> find_text(const FindText& find, std::string_view name) {
  auto text = find(name);
  if (text && text->empty()) text.reset();
  return text;
}

// "-" is nobody who was signed in.
std::optional<std::string> find_name(const FindText& find, std::string_view name) {
  auto text = find_text(find, name);
  if (text == "-") text = "";
  return text;
}

Result<void> read_time(const FindText& find, const std::string& name, std::optional<Time>& time) {
  const auto text = find_text(find, name);
  if (!text) return {};
  time = parse_rfc3339(*text);
  if (!time) return refuse(RefusalKind::invalid, name + " is a time like 2026-03-01T12:00:00Z", name);
  return {};
}

// What both have.
template <class Filter>
Result<void> read_common(const FindText& find, Filter& filter) {
  filter.address = find_text(find, "address");
  filter.search = find_text(find, "q").value_or("");
  if (const auto text = find_text(find, "namespace")) {
    filter.ns = parse_id<NamespaceId>(*text);
    if (!filter.ns) return refuse(RefusalKind::invalid, "namespace is the id of a namespace", "namespace");
  }
  if (auto since = read_time(find, "since", filter.since); !since) return since;
  return read_time(find, "until", filter.until);
}

}  // namespace

Result<audit::EventFilter> read_event_filter(const FindText& find) {
  audit::EventFilter filter{
      .actor = find_name(find, "actor"), .kind = find_text(find, "kind"), .action = find_text(find, "action")};
  if (const auto common = read_common(find, filter); !common) return pass_on(common);
  if (const auto text = find_text(find, "outcome")) {
    for (const auto outcome : {audit::Outcome::done, audit::Outcome::refused}) {
      if (*text == audit::render_outcome(outcome)) filter.outcome = outcome;
    }
    if (!filter.outcome) return refuse(RefusalKind::invalid, "outcome is done or refused", "outcome");
  }
  return filter;
}

Result<audit::DecisionFilter> read_decision_filter(const FindText& find) {
  audit::DecisionFilter filter{.user = find_name(find, "user"),
                               .registry = find_text(find, "registry"),
                               .repository = find_text(find, "repository"),
                               .rule = find_text(find, "rule"),
                               .action = find_text(find, "action")};
  if (const auto common = read_common(find, filter); !common) return pass_on(common);
  if (const auto text = find_text(find, "outcome")) {
    for (const auto verdict : {audit::Verdict::granted, audit::Verdict::refused}) {
      if (*text == audit::render_verdict(verdict)) filter.verdict = verdict;
    }
    if (!filter.verdict) return refuse(RefusalKind::invalid, "outcome is granted or refused", "outcome");
  }
  if (filter.rule && !audit::is_rule(*filter.rule)) {
    return refuse(
        RefusalKind::invalid,
        "rule is one of admin, owner, user_claim, member, group_claim, group, other, anonymous, none, maintenance, "
        "credentials",
        "rule");
  }
  if (filter.action && *filter.action != "*" && !find_action(*filter.action)) {
    return refuse(RefusalKind::invalid, "action is pull, push, delete or * (the catalog)", "action");
  }
  return filter;
}

std::optional<AccountId> narrowed_to(Services& services, const accounts::Principal& who,
                                     const std::optional<NamespaceId>& ns) {
  if (who.reads_everything()) return std::nullopt;
  const auto visible = ns ? services.namespaces.find_visible(*ns, who) : std::nullopt;
  if (visible && visible->manageable) return std::nullopt;
  return who.account->id;
}

}  // namespace spectacles::app
