// X.509 certificates, as far as registries need them: the one that vouches for the signing key.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "crypto/key.h"

// OpenSSL's X509, without its headers.
struct x509_st;

namespace spectacles::crypto {

class Certificate {
 public:
  // The first certificate in `pem`, of any version (what `openssl x509 -signkey` makes is version 1 without a SAN).
  // Refuses what is none, and one for a key that PublicKey refuses.
  static Result<Certificate> parse_pem(std::string_view pem);

  // Version 3, subject and issuer CN=`common_name`, a SAN for `common_name` (if it is an IP address or a host name),
  // "localhost", 127.0.0.1 and ::1, usable as a server certificate and as its own authority, valid from an hour before
  // `now` for ten years. Throws std::invalid_argument when `common_name` is not 1 to 64 bytes, the limit of X.520.
  static Certificate self_signed(const PrivateKey& key, std::string_view common_name, Time now);

  const PublicKey& public_key() const { return public_key_; }
  std::string der() const;
  std::string to_pem() const;
  std::string fingerprint() const;  // SHA-256 of the DER, 64 lower-case hexadecimal digits
  std::string subject() const;      // RFC 2253, for people
  Time not_before() const { return not_before_; }
  Time not_after() const { return not_after_; }

 private:
  Certificate(std::shared_ptr<x509_st> certificate, PublicKey public_key, Time not_before, Time not_after);

  static Result<Certificate> take(std::shared_ptr<x509_st> certificate);

  std::shared_ptr<x509_st> certificate_;
  PublicKey public_key_;
  Time not_before_;
  Time not_after_;
};

}  // namespace spectacles::crypto
