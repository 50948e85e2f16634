// One delivery over the wire. The other side is trusted with nothing: times and sizes are bounded, redirects are not
// followed, certificates are always verified, addresses where secrets of this machine are served are never contacted,
// and of an answer only the status is looked at.
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "hooks/webhook.h"

namespace spectacles::hooks {

struct PostLimits {
  std::chrono::milliseconds connect{5000};
  std::chrono::milliseconds total{10'000};
};

struct PostAnswer {
  std::optional<int> status;  // nothing: there was no answer
  std::string problem;        // why not, for people; never holds the address or what was answered

  bool is_success() const { return status && *status >= 200 && *status < 300; }
};

// A stop that is asked for ends it within about a second.
PostAnswer post(const WebhookUrl& url, const std::vector<std::pair<std::string, std::string>>& headers,
                const std::string& body, const PostLimits& limits, const std::stop_token& stop);

}  // namespace spectacles::hooks
