#include "hooks/signature.h"

#include <fmt/format.h>

#include "base/base64.h"
#include "crypto/digest.h"

namespace spectacles::hooks {

Secret secret_of(const crypto::DerivedSecrets& secrets, WebhookId webhook, std::int64_t version) {
  return secrets.derive(fmt::format("webhook {}, version {}", webhook.value(), version));
}

std::string sign(const Secret& secret, std::int64_t timestamp, std::string_view body) {
  return "sha256=" + to_hex(crypto::hmac_sha256(secret.reveal(), fmt::format("{}.{}", timestamp, body)));
}

}  // namespace spectacles::hooks
