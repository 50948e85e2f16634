#include "catalog/notification.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "registries/printable.h"

namespace spectacles::catalog {
namespace {

constexpr std::array<std::string_view, 4> manifest_types{"application/vnd.oci.image.manifest.v1+json",
                                                         "application/vnd.oci.image.index.v1+json",
                                                         "application/vnd.docker.distribution.manifest.v2+json",
                                                         "application/vnd.docker.distribution.manifest.list.v2+json"};

// Looks into JSON without asking what it is: what is not there or is something else is nothing.
const boost::json::object* find_object(const boost::json::object& in, std::string_view name) {
  const auto* value = in.if_contains(name);
  return value == nullptr ? nullptr : value->if_object();
}

std::string_view find_text(const boost::json::object* in, std::string_view name) {
  const auto* value = in == nullptr ? nullptr : in->if_contains(name);
  const auto* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string_view() : std::string_view(*text);
}

template <class Name>
std::optional<Name> find_name(const boost::json::object* in, std::string_view name) {
  const auto parsed = Name::parse(find_text(in, name));
  return parsed ? std::optional(*parsed) : std::nullopt;
}

std::optional<NotificationAction> parse_action(std::string_view text) {
  for (const auto action : {NotificationAction::push, NotificationAction::pull, NotificationAction::remove}) {
    if (render(action) == text) return action;
  }
  return std::nullopt;
}

bool is_event_id(std::string_view text) {
  constexpr std::size_t max_length = 128;
  return !text.empty() && text.size() <= max_length &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

// host:port, [IPv6]:port, or without a port.
std::string_view without_port(std::string_view address) {
  if (address.starts_with('[')) return address.substr(1, std::min(address.find(']'), address.size()) - 1);
  const auto colon = address.find(':');
  const bool has_port = colon != std::string_view::npos && address.find(':', colon + 1) == std::string_view::npos;
  return has_port ? address.substr(0, colon) : address;
}

// This server's own work: our tokens are for names in parentheses, which no account has, so that nobody hides by
// calling his client as ours.
bool is_own(std::string_view user_agent, std::string_view actor) {
  const bool is_ours = user_agent == "spectacles" || user_agent.starts_with("spectacles/");
  return is_ours && actor.starts_with('(');
}

std::optional<Notification> read_event(const boost::json::value& value, Time received_at) {
  const auto* event = value.if_object();
  const auto* target = event == nullptr ? nullptr : find_object(*event, "target");
  const auto action = parse_action(find_text(event, "action"));
  const auto id = find_text(event, "id");
  auto repository = find_name<RepositoryPath>(target, "repository");
  if (!action || !is_event_id(id) || !repository) return std::nullopt;
  const auto* request = find_object(*event, "request");
  const auto actor = find_text(find_object(*event, "actor"), "name");
  if (is_own(find_text(request, "useragent"), actor)) return std::nullopt;

  const auto at = parse_rfc3339(find_text(event, "timestamp")).value_or(received_at);
  constexpr std::size_t most_bytes = 255;
  return Notification{.event_id = std::string(id),
                      .action = *action,
                      .at = std::min(at, received_at),
                      .repository = std::move(*repository),
                      .tag = find_name<TagName>(target, "tag"),
                      .digest = find_name<Digest>(target, "digest"),
                      .media_type = registries::printable(find_text(target, "mediaType")),
                      .actor = registries::printable(actor, most_bytes),
                      .address = registries::printable(without_port(find_text(request, "addr")), most_bytes)};
}

bool matters(const Notification& one, std::string_view method) {
  const bool is_manifest =
      std::find(manifest_types.begin(), manifest_types.end(), one.media_type) != manifest_types.end();
  switch (one.action) {
    case NotificationAction::push:
      return is_manifest && one.digest;
    case NotificationAction::pull:  // a HEAD is told of as a pull, too
      return is_manifest && method == "GET" && (one.digest || one.tag);
    case NotificationAction::remove:  // says nothing of media types; a blob's digest is no tag's
      return one.digest || one.tag;
  }
  return false;
}

}  // namespace

std::string_view render(NotificationAction action) {
  switch (action) {
    case NotificationAction::push:
      return "push";
    case NotificationAction::pull:
      return "pull";
    case NotificationAction::remove:
      return "delete";
  }
  return {};
}

Result<std::vector<Notification>> parse_notifications(std::string_view body, Time received_at) {
  boost::json::error_code error;
  const auto value = boost::json::parse(body, error);
  const auto* envelope = error ? nullptr : value.if_object();
  if (envelope == nullptr) {
    return refuse(RefusalKind::invalid, "the body is a JSON object with the member events, as registries send it");
  }
  const auto* events = envelope->if_contains("events");
  if (events == nullptr || !events->is_array()) {
    return refuse(RefusalKind::invalid, "events is a list of events", "events");
  }
  if (events->get_array().size() > most_notifications) {
    return refuse(RefusalKind::too_large, fmt::format("events holds at most {} events", most_notifications), "events");
  }
  std::vector<Notification> notifications;
  notifications.reserve(events->get_array().size());
  for (const auto& event : events->get_array()) {
    auto one = read_event(event, received_at);
    if (!one) continue;
    if (matters(*one, find_text(find_object(event.get_object(), "request"), "method"))) {
      notifications.push_back(std::move(*one));
    }
  }
  return notifications;
}

}  // namespace spectacles::catalog
