#include "crypto/jwk.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <boost/json/serialize.hpp>

#include "base/base64.h"
#include "crypto/digest.h"
#include "crypto/openssl.h"

namespace spectacles::crypto {
namespace {

Handle<BIGNUM> number_of(const PublicKey& key, const char* parameter) {
  BIGNUM* number = nullptr;
  require(EVP_PKEY_get_bn_param(key.get(), parameter, &number) == 1, "reading a public key");
  return Handle<BIGNUM>(number);
}

// Base64urlUInt of RFC 7518, section 2: as few bytes as hold the number, or `width` of them.
std::string render_number(const PublicKey& key, const char* parameter, int width = 0) {
  const auto number = number_of(key, parameter);
  const int length = std::max(width, BN_num_bytes(number.get()));
  std::string bytes(static_cast<std::size_t>(length), '\0');
  require(BN_bn2binpad(number.get(), reinterpret_cast<unsigned char*>(bytes.data()), length) == length,
          "writing a public key");
  return to_base64url(bytes);
}

boost::json::object ec_jwk(const PublicKey& key, std::string_view curve, int coordinate_bytes) {
  return {{"crv", curve},
          {"kty", "EC"},
          {"x", render_number(key, OSSL_PKEY_PARAM_EC_PUB_X, coordinate_bytes)},
          {"y", render_number(key, OSSL_PKEY_PARAM_EC_PUB_Y, coordinate_bytes)}};
}

// RFC 4648, section 6, for a length that needs no padding.
std::string to_base32(std::string_view bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string text;
  std::uint32_t buffer = 0;
  int bits = 0;
  for (const char c : bytes) {
    buffer = (buffer << 8) | static_cast<unsigned char>(c);
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(buffer >> bits) & 0x1f];
    }
  }
  return text;
}

}  // namespace

std::string libtrust_id(const PublicKey& key) {
  constexpr std::size_t used_bytes = 30;
  constexpr std::size_t group_length = 4;
  const std::string text = to_base32(sha256(key.spki_der()).substr(0, used_bytes));
  std::string id;
  for (std::size_t i = 0; i < text.size(); i += group_length) {
    if (i > 0) id += ':';
    id += text.substr(i, group_length);
  }
  return id;
}

std::string rfc7638_id(const PublicKey& key) {
  // to_jwk has the required members alone, in lexicographic order, and serialize writes no white space: RFC 7638's
  // form.
  return to_base64url(sha256(boost::json::serialize(to_jwk(key))));
}

boost::json::object to_jwk(const PublicKey& key) {
  const ErrorQueueGuard guard;
  switch (key.algorithm()) {
    case Algorithm::rs256:
      return {{"e", render_number(key, OSSL_PKEY_PARAM_RSA_E)},
              {"kty", "RSA"},
              {"n", render_number(key, OSSL_PKEY_PARAM_RSA_N)}};
    case Algorithm::es256:
      return ec_jwk(key, "P-256", 32);
    case Algorithm::es384:
      return ec_jwk(key, "P-384", 48);
  }
  return {};
}

}  // namespace spectacles::crypto
