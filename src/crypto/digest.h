#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/secret.h"

namespace spectacles::crypto {

// The 32 bytes of SHA-256 (FIPS 180-4).
std::string sha256(std::string_view bytes);

// The 64 bytes of SHA-512 (FIPS 180-4).
std::string sha512(std::string_view bytes);

// The 32 bytes of HMAC-SHA-256 (RFC 2104).
std::string hmac_sha256(std::string_view key, std::string_view bytes);

// The same for who makes many under one key, which is not empty. May be used by several threads at once.
class HmacKey {
 public:
  explicit HmacKey(const Secret& key);
  ~HmacKey();
  HmacKey(const HmacKey&) = delete;
  HmacKey& operator=(const HmacKey&) = delete;

  std::string mac(std::string_view bytes) const;

 private:
  class Contexts;
  std::unique_ptr<Contexts> contexts_;
};

}  // namespace spectacles::crypto
