// Turns grants into signed tokens.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/secret.h"
#include "registries/registry.h"
#include "registries/signing_key.h"
#include "tokens/claims.h"

namespace spectacles::tokens {

struct SignedToken {
  Secret text;
  TokenTimes times;
};

class Signer {
 public:
  Signer(const registries::SigningKey& key, std::string issuer, std::chrono::seconds lifetime, const Clock& clock);

  // A token that is good at `registry` alone: its audience is that registry's service, which no other has.
  SignedToken sign(const registries::Registry& registry, const std::string& subject, const Granted& granted) const;

  bool is_quick() const { return key_.key.signs_quickly(); }

 private:
  const registries::SigningKey& key_;
  std::string issuer_;
  std::chrono::seconds lifetime_;
  const Clock& clock_;
  const std::string x5c_header_;  // encoded; there are no others
  const std::string jwks_header_;
};

}  // namespace spectacles::tokens
