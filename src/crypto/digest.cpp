#include "crypto/digest.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/params.h>

#include <array>

#include "crypto/openssl.h"
#include "crypto/spares.h"

namespace spectacles::crypto {
namespace {

using Sha256Bytes = std::array<unsigned char, 32>;

std::string to_string(const Sha256Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// One context that has the key and the digest.
struct MacContext {
  Handle<EVP_MAC_CTX> handle;
};

}  // namespace

class HmacKey::Contexts {
 public:
  explicit Contexts(const Secret& key)
      : algorithm_(require(EVP_MAC_fetch(nullptr, "HMAC", nullptr), "HMAC-SHA-256")),
        keyed_(require(EVP_MAC_CTX_new(algorithm_.get()), "HMAC-SHA-256")) {
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                                     OSSL_PARAM_construct_end()};
    const auto& bytes = key.reveal();
    require(EVP_MAC_init(keyed_.get(), bytes_of(bytes), bytes.size(), parameters) == 1, "HMAC-SHA-256");
  }

  std::string mac(std::string_view bytes) {
    const auto copy = [this] {
      return std::make_unique<MacContext>(MacContext{require(EVP_MAC_CTX_dup(keyed_.get()), "HMAC-SHA-256")});
    };
    return spares_.with(copy, [&](MacContext& context) {
      Sha256Bytes mac{};
      std::size_t length = 0;
      auto* handle = context.handle.get();
      // Without a key it begins again with the one that it has.
      require(EVP_MAC_init(handle, nullptr, 0, nullptr) == 1 &&
                  EVP_MAC_update(handle, bytes_of(bytes), bytes.size()) == 1 &&
                  EVP_MAC_final(handle, mac.data(), &length, mac.size()) == 1,
              "HMAC-SHA-256");
      return to_string(mac);
    });
  }

 private:
  const Handle<EVP_MAC> algorithm_;
  const Handle<EVP_MAC_CTX> keyed_;
  Spares<MacContext> spares_;
};

HmacKey::HmacKey(const Secret& key) : contexts_(std::make_unique<Contexts>(key)) {}

HmacKey::~HmacKey() = default;

std::string HmacKey::mac(std::string_view bytes) const {
  const ErrorQueueGuard guard;
  return contexts_->mac(bytes);
}

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
