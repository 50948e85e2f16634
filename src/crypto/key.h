// A private key that signs tokens, and what may be known of it by everybody.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

// OpenSSL's EVP_PKEY and X509, without its headers.
struct evp_pkey_st;
struct x509_st;

namespace spectacles::crypto {

// JWS algorithms of RFC 7518 that registries accept from 2.8 on.
enum class Algorithm { rs256, es256, es384 };

std::string_view render_algorithm(Algorithm algorithm);  // "RS256", "ES256", "ES384"

// Public half of an RSA or EC key. A value.
class PublicKey {
 public:
  // PEM of a SubjectPublicKeyInfo. Refuses what is none, and other keys than RSA of 2048 to 8192 bits, P-256 and P-384.
  static Result<PublicKey> parse_pem(std::string_view pem);

  explicit PublicKey(std::shared_ptr<evp_pkey_st> key);

  Algorithm algorithm() const;
  std::string spki_der() const;
  evp_pkey_st* get() const { return key_.get(); }

  friend bool operator==(const PublicKey& left, const PublicKey& right);

 private:
  std::shared_ptr<evp_pkey_st> key_;
};

class PrivateKey {
 public:
  // PEM in PKCS#8, PKCS#1 or SEC 1 form, not encrypted. Refuses the same keys as PublicKey, and encrypted ones.
  static Result<PrivateKey> parse_pem(std::string_view pem);
  static PrivateKey generate_p256();

  explicit PrivateKey(std::shared_ptr<evp_pkey_st> key);

  PublicKey public_key() const;
  Algorithm algorithm() const { return public_key().algorithm(); }
  std::string to_pem() const;  // PKCS#8: for writing to a file that only its owner can read
  // The signature over `bytes` in JOSE form: PKCS#1 v1.5 for RSA, raw r||s for EC (RFC 7518, section 3.4).
  std::string sign(std::string_view bytes) const;
  evp_pkey_st* get() const { return key_.get(); }

 private:
  std::shared_ptr<evp_pkey_st> key_;
};

// Whether `signature` (JOSE form) over `bytes` was made by the private half of `key`.
bool verify_signature(const PublicKey& key, std::string_view bytes, std::string_view signature);

}  // namespace spectacles::crypto
