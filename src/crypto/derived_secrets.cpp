#include "crypto/derived_secrets.h"

#include "base/base64.h"
#include "crypto/digest.h"

namespace spectacles::crypto {

Secret DerivedSecrets::derive(std::string_view purpose) const {
  // What is in front keeps these apart from the other uses of the key.
  return Secret(to_base64url(hmac_sha256(key_.reveal(), "derived secret: " + std::string(purpose))));
}

}  // namespace spectacles::crypto
