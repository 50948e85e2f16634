// Whether the certificate that a registry shows is to be believed. There is no way to say "do not verify".
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "crypto/key.h"
#include "registries/registry.h"

struct ssl_ctx_st;
struct x509_store_ctx_st;

namespace spectacles::registries {

struct SeenCertificate {
  std::string fingerprint;  // SHA-256 of its DER: what a Pin holds
  std::string subject;      // RFC 2253, for people; comes from outside
  Time not_after;
  bool trusted = false;

  bool operator==(const SeenCertificate&) const = default;
};

// Rules, in this order: with a pin, exactly the pinned certificate; a certificate for our own signing key (the set-up
// where registry and server share one); else a chain to an authority of `ca` or of the system, for the host's name.
class TlsVerifier {
 public:
  TlsVerifier(const RegistryAddress& address, std::optional<crypto::PublicKey> own_key);
  TlsVerifier(const TlsVerifier&) = delete;
  TlsVerifier& operator=(const TlsVerifier&) = delete;

  // Makes this verifier the judge of all connections of `context`. It must outlive them.
  void install(ssl_ctx_st* context);

  // Of the last connection, also of one that was refused.
  const std::optional<SeenCertificate>& seen() const { return seen_; }
  const std::string& complaint() const { return complaint_; }  // why it was refused, empty when it was not

 private:
  static int callback(x509_store_ctx_st* shown, void* self);
  bool verify(x509_store_ctx_st* shown);
  bool verify_chain(x509_store_ctx_st* shown);

  std::optional<Pin> pin_;
  std::optional<std::string> ca_;
  std::string host_;  // without port and brackets
  std::optional<crypto::PublicKey> own_key_;
  std::optional<SeenCertificate> seen_;
  std::string complaint_;
};

}  // namespace spectacles::registries
