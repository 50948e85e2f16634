#include "tokens/signer.h"

#include "crypto/jws.h"
#include "crypto/random.h"

namespace spectacles::tokens {

Signer::Signer(const registries::SigningKey& key, std::string issuer, std::chrono::seconds lifetime, const Clock& clock)
    : key_(key),
      issuer_(std::move(issuer)),
      lifetime_(lifetime),
      clock_(clock),
      x5c_header_(crypto::jws_encode_header(build_header(key, registries::KeyMode::x5c), key.key)),
      jwks_header_(crypto::jws_encode_header(build_header(key, registries::KeyMode::jwks), key.key)) {}

SignedToken Signer::sign(const registries::Registry& registry, const std::string& subject,
                         const Granted& granted) const {
  const TokenTimes times{.issued_at = clock_.now(), .lifetime = lifetime_};
  const auto claims = render_claims(issuer_, registry.service, subject, granted, times, crypto::random_id());
  const auto& header = registry.key_mode == registries::KeyMode::x5c ? x5c_header_ : jwks_header_;
  return {.text = Secret(crypto::jws_sign_encoded(header, claims, key_.key)), .times = times};
}

}  // namespace spectacles::tokens
