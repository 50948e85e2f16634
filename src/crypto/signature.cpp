// Signatures in JOSE form (RFC 7518, sections 3.3 and 3.4), and the DER form of ECDSA that OpenSSL speaks.
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include "crypto/key.h"
#include "crypto/openssl.h"

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

std::string to_raw(std::string_view der, std::size_t width) {
  const unsigned char* in = bytes_of(der);
  const auto parsed = require(d2i_ECDSA_SIG(nullptr, &in, static_cast<long>(der.size())), "reading a signature");
  std::string raw(2 * width, '\0');
  auto* out = reinterpret_cast<unsigned char*>(raw.data());
  const int expected = static_cast<int>(width);
  require(BN_bn2binpad(ECDSA_SIG_get0_r(parsed.get()), out, expected) == expected &&
              BN_bn2binpad(ECDSA_SIG_get0_s(parsed.get()), out + width, expected) == expected,
          "writing a signature");
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

std::string PrivateKey::sign(std::string_view bytes) const {
  const ErrorQueueGuard guard;
  const auto context = require(EVP_MD_CTX_new(), "signing");
  require(EVP_DigestSignInit(context.get(), nullptr, digest_of(algorithm()), nullptr, key_.get()) == 1, "signing");
  std::size_t length = 0;
  require(EVP_DigestSign(context.get(), nullptr, &length, bytes_of(bytes), bytes.size()) == 1, "signing");
  std::string signature(length, '\0');
  require(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &length, bytes_of(bytes),
                         bytes.size()) == 1,
          "signing");
  signature.resize(length);
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
