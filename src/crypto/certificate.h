// X.509 certificates, as far as registries need them: the one that vouches for the signing key.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "crypto/key.h"

namespace spectacles::crypto {

class Certificate {
 public:
  // The first certificate in `pem`.
  static Result<Certificate> parse_pem(std::string_view pem);

  // Version 3, subject and issuer CN=`common_name`, a SAN for `common_name`, "localhost", 127.0.0.1 and ::1, usable as
  // a server certificate and as its own authority, valid from an hour before `now` for ten years.
  static Certificate self_signed(const PrivateKey& key, std::string_view common_name, Time now);

  explicit Certificate(std::shared_ptr<x509_st> certificate);

  PublicKey public_key() const;
  std::string der() const;
  std::string to_pem() const;
  std::string fingerprint() const;  // SHA-256 of the DER, 64 lower-case hexadecimal digits
  std::string subject() const;      // RFC 2253, for people
  Time not_before() const;
  Time not_after() const;

 private:
  std::shared_ptr<x509_st> certificate_;
};

}  // namespace spectacles::crypto
