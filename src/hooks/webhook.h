// Whom a namespace tells of what happens in it, by HTTP.
//
//   webhook.h        values                        store_sql    what owners do with webhooks
//   queue_sql        what is to be delivered       courier      delivers it, again and again
//   signature        how a receiver knows us       post_http    one delivery over the wire
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "names/ids.h"
#include "names/label.h"
#include "names/parsed.h"

namespace spectacles::hooks {

using WebhookId = Strong<std::int64_t, struct WebhookTag>;

enum class HookEvent { push, pull, remove };

std::string_view render_hook_event(HookEvent event);  // "push", "pull", "delete"
Result<HookEvent> parse_hook_event(std::string_view text);

// As they are stored: words joined by commas, in the order of the type.
std::string render_hook_events(const std::set<HookEvent>& events);
std::set<HookEvent> parse_hook_events(std::string_view text);  // throws std::runtime_error for what was not rendered

// http:// or https://, host, and possibly port, path and query; without user and fragment, at most 2048 bytes. Never an
// address where metadata services are. Path and query may hold what only the receiver should know: they are shown to
// who manages the webhook alone.
class WebhookUrl : public Parsed<WebhookUrl> {
 public:
  static Result<WebhookUrl> parse(std::string_view text);

  // "https://host[:port]".
  std::string origin() const;

 private:
  using Parsed::Parsed;
};

struct Webhook {
  WebhookId id;
  NamespaceId ns;
  Label name;
  WebhookUrl url;
  std::set<HookEvent> events;
  bool enabled = true;
  std::int64_t version = 1;  // of its secret
  Time created_at;

  bool operator==(const Webhook&) const = default;
};

}  // namespace spectacles::hooks
