// How a receiver knows that a delivery is ours: HMAC-SHA-256 under the webhook's secret over "<timestamp>.<body>", so
// that neither can be changed and an old delivery cannot be passed off as a new one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/secret.h"
#include "crypto/derived_secrets.h"
#include "hooks/webhook.h"

namespace spectacles::hooks {

Secret secret_of(const crypto::DerivedSecrets& secrets, WebhookId webhook, std::int64_t version);

// "sha256=<hex>".
std::string sign(const Secret& secret, std::int64_t timestamp, std::string_view body);

}  // namespace spectacles::hooks
