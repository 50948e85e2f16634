#include "tokens/signer.h"

#include <boost/json/serialize.hpp>

#include "crypto/jws.h"
#include "crypto/random.h"

namespace spectacles::tokens {

SignedToken Signer::sign(const registries::Registry& registry, const std::string& subject,
                         const Granted& granted) const {
  const TokenTimes times{.issued_at = clock_.now(), .lifetime = lifetime_};
  const auto claims = build_claims(issuer_, registry.service, subject, granted, times, crypto::random_token());
  const auto header = build_header(key_, registry.key_mode);
  return {.text = Secret(crypto::jws_sign(header, boost::json::serialize(claims), key_.key)), .times = times};
}

}  // namespace spectacles::tokens
