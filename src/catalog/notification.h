// What a registry tells of: the events of https://distribution.github.io/distribution/about/notifications/, read with
// distrust. Both versions of the envelope say what matters here in the same way.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "names/ids.h"
#include "names/image.h"
#include "names/repository_path.h"

namespace spectacles::catalog {

enum class NotificationAction { push, pull, remove };

std::string_view render(NotificationAction action);  // "push", "pull", "delete"

struct Notification {
  std::string event_id;  // the registry's: 1 to 128 printable ASCII characters
  NotificationAction action;
  Time at;  // by the registry's clock, but never later than it came
  RepositoryPath repository;
  std::optional<TagName> tag;  // a push has a digest; a pull or a deletion has one of both
  std::optional<Digest> digest;
  std::string media_type;  // of a manifest; "" for a deletion
  std::string actor;       // whom the token was for; "" for nobody who was signed in
  std::string address;     // of the client, without its port

  bool operator==(const Notification&) const = default;
};

// A manifest that was pushed, and of which it is not known yet what it stands for.
struct Pushed {
  RegistryId registry;
  RepositoryPath repository;
  Digest digest;
};

// More than one request may hold.
inline constexpr std::size_t most_notifications = 1000;

// Those events of an envelope that matter: manifests that were pushed, pulled by GET, or deleted. What this server did
// at the registry itself is left out, and so is what is no event: a registry would send it again for ever. Refuses
// (invalid) what is no envelope, and (too_large) too many events.
Result<std::vector<Notification>> parse_notifications(std::string_view body, Time received_at);

}  // namespace spectacles::catalog
