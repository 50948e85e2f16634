#include "hooks/webhook.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include "base/ascii.h"
#include "names/host.h"
#include "registries/net_address.h"

namespace spectacles::hooks {
namespace {

constexpr std::array<std::pair<HookEvent, std::string_view>, 3> events_by_name{
    {{HookEvent::push, "push"}, {HookEvent::pull, "pull"}, {HookEvent::remove, "delete"}}};

// The host of host[:port] without brackets.
std::string name_of(const std::string& authority) {
  if (authority.starts_with('[')) return authority.substr(1, authority.find(']') - 1);
  return authority.substr(0, authority.find(':'));
}

tl::unexpected<Refusal> refuse_url(std::string text) {
  return refuse(RefusalKind::invalid, std::move(text));
}

}  // namespace

std::string_view render_hook_event(HookEvent event) {
  return events_by_name.at(static_cast<std::size_t>(event)).second;
}

Result<HookEvent> parse_hook_event(std::string_view text) {
  for (const auto& [event, name] : events_by_name) {
    if (name == text) return event;
  }
  return refuse(RefusalKind::invalid, "an event is push, pull or delete");
}

std::string render_hook_events(const std::set<HookEvent>& events) {
  std::string words;
  for (const auto event : events) {
    if (!words.empty()) words += ',';
    words += render_hook_event(event);
  }
  return words;
}

std::set<HookEvent> parse_hook_events(std::string_view text) {
  std::set<HookEvent> events;
  while (!text.empty()) {
    const auto comma = text.find(',');
    const auto event = parse_hook_event(text.substr(0, comma));
    if (!event) throw std::runtime_error("the database holds an event of a webhook that does not exist");
    events.insert(*event);
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return events;
}

Result<WebhookUrl> WebhookUrl::parse(std::string_view text) {
  constexpr std::size_t max_bytes = 2048;
  if (text.size() > max_bytes) return refuse_url("the address of a webhook has at most 2048 bytes");
  const auto colon = text.find("://");
  const auto scheme = to_lower(text.substr(0, colon == std::string_view::npos ? 0 : colon));
  if (scheme != "http" && scheme != "https") {
    return refuse_url("the address of a webhook begins with http:// or https://");
  }
  const auto is_plain = [](char c) { return c > ' ' && c < '\x7f' && c != '#' && c != '\\' && c != '"' && c != '<'; };
  if (!std::all_of(text.begin(), text.end(), is_plain)) {
    return refuse_url("the address of a webhook has no spaces, no fragment, and percent-encodes what is not ASCII");
  }
  const auto rest = text.substr(colon + 3);
  const auto end = std::min(rest.find_first_of("/?"), rest.size());
  const auto authority = to_lower(rest.substr(0, end));
  if (!RegistryHost::parse(authority)) {
    return refuse_url("the address of a webhook names host or host:port, without a user");
  }
  if (registries::is_forbidden_literal(name_of(authority))) {
    return refuse_url("link-local, multicast and unspecified addresses are never told anything");
  }
  return WebhookUrl(scheme + "://" + authority + std::string(rest.substr(end)));
}

std::string WebhookUrl::origin() const {
  const auto begin = str().find("://") + 3;
  return str().substr(0, str().find_first_of("/?", begin));
}

}  // namespace spectacles::hooks
