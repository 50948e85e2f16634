// A private key that signs tokens, and what may be known of it by everybody.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

// OpenSSL's EVP_PKEY, without its headers.
struct evp_pkey_st;

namespace spectacles::crypto {

// JWS algorithms of RFC 7518 that registries accept from 2.8 on.
enum class Algorithm { rs256, es256, es384 };

std::string_view render_algorithm(Algorithm algorithm);  // "RS256", "ES256", "ES384"

// Public half of an RSA or EC key. A value.
class PublicKey {
 public:
  // PEM of a SubjectPublicKeyInfo. Refuses what is none, and other keys than RSA of 2048 to 8192 bits, P-256 and P-384
  // by name (Ed25519 too: registries 2.8 do not start when their bundle holds one).
  static Result<PublicKey> parse_pem(std::string_view pem);

  // A copy of the public half of `key`. Refuses the same keys as parse_pem.
  static Result<PublicKey> copy_of(evp_pkey_st* key);

  Algorithm algorithm() const { return algorithm_; }
  std::string spki_der() const;  // SubjectPublicKeyInfo of RFC 5280; a point is never compressed
  evp_pkey_st* get() const { return key_.get(); }

  friend bool operator==(const PublicKey& left, const PublicKey& right);

 private:
  PublicKey(std::shared_ptr<evp_pkey_st> key, Algorithm algorithm) : key_(std::move(key)), algorithm_(algorithm) {}

  std::shared_ptr<evp_pkey_st> key_;
  Algorithm algorithm_;
};

// A value; many threads may sign with one at once.
class PrivateKey {
 public:
  // PEM in PKCS#8, PKCS#1 or SEC 1 form, not encrypted. Refuses the same keys as PublicKey, and encrypted ones.
  static Result<PrivateKey> parse_pem(std::string_view pem);
  static PrivateKey generate_p256();

  const PublicKey& public_key() const { return public_key_; }
  Algorithm algorithm() const { return public_key_.algorithm(); }
  std::string to_pem() const;  // PKCS#8: for writing to a file that only its owner can read
  // Whether one signature takes about as long as what else a request costs, and not a hundred times that (RSA).
  bool signs_quickly() const { return algorithm() == Algorithm::es256; }
  // The signature over `bytes` in JOSE form: PKCS#1 v1.5 for RSA, raw r||s for EC (RFC 7518, section 3.4).
  std::string sign(std::string_view bytes) const;
  evp_pkey_st* get() const { return key_.get(); }

 private:
  class Signing;

  PrivateKey(std::shared_ptr<evp_pkey_st> key, PublicKey public_key);

  std::shared_ptr<evp_pkey_st> key_;
  PublicKey public_key_;
  std::shared_ptr<Signing> signing_;
};

// Whether `signature` (JOSE form) over `bytes` was made by the private half of `key`.
bool verify_signature(const PublicKey& key, std::string_view bytes, std::string_view signature);

}  // namespace spectacles::crypto
