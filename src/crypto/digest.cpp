#include "crypto/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "crypto/openssl.h"

namespace spectacles::crypto {
namespace {

using Sha256Bytes = std::array<unsigned char, 32>;

std::string to_string(const Sha256Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

std::string sha256(std::string_view bytes) {
  const ErrorQueueGuard guard;
  Sha256Bytes digest{};
  require(EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) == 1, "SHA-256");
  return to_string(digest);
}

std::string sha512(std::string_view bytes) {
  const ErrorQueueGuard guard;
  std::array<unsigned char, 64> digest{};
  require(EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha512(), nullptr) == 1, "SHA-512");
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  const ErrorQueueGuard guard;
  Sha256Bytes mac{};
  std::size_t length = 0;
  // To OpenSSL a null pointer is no key at all, not the empty key.
  const char* const key_start = key.empty() ? "" : key.data();
  require(EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, key_start, key.size(), bytes_of(bytes), bytes.size(),
                    mac.data(), mac.size(), &length) != nullptr,
          "HMAC-SHA-256");
  return to_string(mac);
}

}  // namespace spectacles::crypto
