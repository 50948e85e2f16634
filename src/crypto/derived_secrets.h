// Secrets that follow from the server's one key and what they are for, so that none of them is kept anywhere: the same
// purpose gives the same secret until the key is another.
#pragma once

#include <string>
#include <string_view>

#include "base/secret.h"

namespace spectacles::crypto {

class DerivedSecrets {
 public:
  explicit DerivedSecrets(Secret key) : key_(std::move(key)) {}

  // 256 bits as base64url: 43 characters. Different purposes ("notifications of registry 3, version 1") give secrets
  // that tell nothing of each other or of the key.
  Secret derive(std::string_view purpose) const;

 private:
  Secret key_;
};

}  // namespace spectacles::crypto
