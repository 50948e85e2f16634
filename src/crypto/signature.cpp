// Signatures in JOSE form (RFC 7518, sections 3.3 and 3.4), and the DER form of ECDSA that OpenSSL speaks.
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>

#include "crypto/key.h"
#include "crypto/openssl.h"
#include "crypto/spares.h"

namespace spectacles::crypto {
namespace {

const EVP_MD* digest_of(Algorithm algorithm) {
  return algorithm == Algorithm::es384 ? EVP_sha384() : EVP_sha256();
}

// Bytes of r and of s; 0 for RSA, whose signatures have one form only.
std::size_t coordinate_bytes(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::rs256:
      return 0;
    case Algorithm::es256:
      return 32;
    case Algorithm::es384:
      return 48;
  }
  return 0;
}

// Cuts an INTEGER of at most `width` bytes off the front of `der` (X.690, sections 8.1 and 8.3) and writes it to the
// end of the `width` bytes at `out`.
bool take_integer(std::string_view& der, std::size_t width, char* out) {
  constexpr char integer_tag = 2;
  if (der.size() < 2 || der[0] != integer_tag) return false;
  auto length = static_cast<std::size_t>(static_cast<unsigned char>(der[1]));
  if (length == 0 || length > width + 1 || der.size() < 2 + length) return false;
  auto number = der.substr(2, length);
  der.remove_prefix(2 + length);
  if (number.front() == '\0') number.remove_prefix(1);
  if (number.size() > width) return false;
  number.copy(out + (width - number.size()), number.size());
  return true;
}

// A SEQUENCE of r and s, as OpenSSL has just written it.
std::string to_raw(std::string_view der, std::size_t width) {
  constexpr char sequence_tag = 0x30;
  std::string raw(2 * width, '\0');
  auto rest = der.substr(std::min<std::size_t>(2, der.size()));
  require(der.starts_with(sequence_tag) && static_cast<std::size_t>(der[1]) == rest.size() &&
              take_integer(rest, width, raw.data()) && take_integer(rest, width, raw.data() + width) && rest.empty(),
          "reading a signature");
  return raw;
}

std::string to_der(std::string_view raw) {
  const int width = static_cast<int>(raw.size() / 2);
  auto r = require(BN_bin2bn(bytes_of(raw), width, nullptr), "reading a signature");
  auto s = require(BN_bin2bn(bytes_of(raw) + width, width, nullptr), "reading a signature");
  const auto parsed = require(ECDSA_SIG_new(), "reading a signature");
  require(ECDSA_SIG_set0(parsed.get(), r.get(), s.get()) == 1, "reading a signature");
  static_cast<void>(r.release());  // now the signature's
  static_cast<void>(s.release());
  const int length = i2d_ECDSA_SIG(parsed.get(), nullptr);
  require(length > 0, "writing a signature");
  std::string der(static_cast<std::size_t>(length), '\0');
  auto* out = reinterpret_cast<unsigned char*>(der.data());
  require(i2d_ECDSA_SIG(parsed.get(), &out) == length, "writing a signature");
  return der;
}

}  // namespace

// What a thread needs to sign, prepared once: the digest, and the key with its padding.
class PrivateKey::Signing {
 public:
  std::string sign(evp_pkey_st* key, Algorithm algorithm, std::string_view bytes) {
    return spares_.with([&] { return make(key, algorithm); }, [&](Context& context) { return sign(context, bytes); });
  }

 private:
  struct Context {
    Handle<EVP_MD_CTX> digest;
    Handle<EVP_PKEY_CTX> signature;
  };

  static std::unique_ptr<Context> make(evp_pkey_st* key, Algorithm algorithm) {
    auto context = std::make_unique<Context>();
    context->digest = require(EVP_MD_CTX_new(), "signing");
    require(EVP_DigestInit_ex2(context->digest.get(), digest_of(algorithm), nullptr) == 1, "signing");
    context->signature = require(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr), "signing");
    auto* signature = context->signature.get();
    require(EVP_PKEY_sign_init(signature) == 1 && EVP_PKEY_CTX_set_signature_md(signature, digest_of(algorithm)) == 1,
            "signing");
    if (algorithm == Algorithm::rs256) {
      require(EVP_PKEY_CTX_set_rsa_padding(signature, RSA_PKCS1_PADDING) == 1, "signing");
    }
    return context;
  }

  static std::string sign(Context& context, std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int digest_length = 0;
    auto* digesting = context.digest.get();
    // Without a digest it begins again with the one that it has.
    require(EVP_DigestInit_ex2(digesting, nullptr, nullptr) == 1 &&
                EVP_DigestUpdate(digesting, bytes.data(), bytes.size()) == 1 &&
                EVP_DigestFinal_ex(digesting, digest.data(), &digest_length) == 1,
            "signing");
    std::array<unsigned char, most_signature_bytes> signature{};
    std::size_t length = signature.size();
    require(EVP_PKEY_sign(context.signature.get(), signature.data(), &length, digest.data(), digest_length) == 1,
            "signing");
    return {reinterpret_cast<const char*>(signature.data()), length};
  }

  static constexpr std::size_t most_signature_bytes = 1024;  // of an RSA key of 8192 bits

  Spares<Context> spares_;
};

PrivateKey::PrivateKey(std::shared_ptr<evp_pkey_st> key, PublicKey public_key)
    : key_(std::move(key)), public_key_(std::move(public_key)), signing_(std::make_shared<Signing>()) {}

std::string PrivateKey::sign(std::string_view bytes) const {
  const ErrorQueueGuard guard;
  auto signature = signing_->sign(key_.get(), algorithm(), bytes);
  const std::size_t width = coordinate_bytes(algorithm());
  return width == 0 ? signature : to_raw(signature, width);
}

bool verify_signature(const PublicKey& key, std::string_view bytes, std::string_view signature) {
  const ErrorQueueGuard guard;
  const std::size_t width = coordinate_bytes(key.algorithm());
  if (width != 0 && signature.size() != 2 * width) return false;
  const std::string native = width == 0 ? std::string(signature) : to_der(signature);
  const auto context = require(EVP_MD_CTX_new(), "verifying a signature");
  require(EVP_DigestVerifyInit(context.get(), nullptr, digest_of(key.algorithm()), nullptr, key.get()) == 1,
          "verifying a signature");
  return EVP_DigestVerify(context.get(), bytes_of(native), native.size(), bytes_of(bytes), bytes.size()) == 1;
}

}  // namespace spectacles::crypto
