#include "crypto/certificate.h"

#include <openssl/pem.h>
#include <openssl/x509.h>

#include <optional>

#include "base/base64.h"
#include "crypto/digest.h"
#include "crypto/openssl.h"

namespace spectacles::crypto {
namespace {

std::optional<Time> read_time(const ASN1_TIME* asn1) {
  std::tm fields{};
  if (ASN1_TIME_to_tm(asn1, &fields) != 1) return std::nullopt;
  return Time(std::chrono::seconds(timegm(&fields)));
}

}  // namespace

Certificate::Certificate(std::shared_ptr<x509_st> certificate, PublicKey public_key, Time not_before, Time not_after)
    : certificate_(std::move(certificate)),
      public_key_(std::move(public_key)),
      not_before_(not_before),
      not_after_(not_after) {}

Result<Certificate> Certificate::take(std::shared_ptr<x509_st> certificate) {
  EVP_PKEY* const key = X509_get0_pubkey(certificate.get());
  const auto not_before = read_time(X509_get0_notBefore(certificate.get()));
  const auto not_after = read_time(X509_get0_notAfter(certificate.get()));
  if (key == nullptr || !not_before || !not_after) {
    return refuse(RefusalKind::invalid, "the certificate's public key or dates cannot be read");
  }
  auto public_key = PublicKey::copy_of(key);
  if (!public_key) return pass_on(public_key);
  return Certificate(std::move(certificate), std::move(*public_key), *not_before, *not_after);
}

Result<Certificate> Certificate::parse_pem(std::string_view pem) {
  const ErrorQueueGuard guard;
  const auto source = read_from(pem);
  std::shared_ptr<X509> certificate;
  if (source) certificate = Handle<X509>(PEM_read_bio_X509(source.get(), nullptr, nullptr, nullptr));
  if (!certificate) return refuse(RefusalKind::invalid, "this is no certificate in PEM form (BEGIN CERTIFICATE)");
  return take(std::move(certificate));
}

std::string Certificate::der() const {
  const ErrorQueueGuard guard;
  const int length = i2d_X509(certificate_.get(), nullptr);
  require(length > 0, "encoding a certificate");
  std::string der(static_cast<std::size_t>(length), '\0');
  auto* out = reinterpret_cast<unsigned char*>(der.data());
  require(i2d_X509(certificate_.get(), &out) == length, "encoding a certificate");
  return der;
}

std::string Certificate::to_pem() const {
  const ErrorQueueGuard guard;
  const auto sink = make_sink();
  require(PEM_write_bio_X509(sink.get(), certificate_.get()) == 1, "writing a certificate");
  return std::string(contents(sink.get()));
}

std::string Certificate::fingerprint() const {
  return to_hex(sha256(der()));
}

std::string Certificate::subject() const {
  const ErrorQueueGuard guard;
  const auto sink = make_sink();
  constexpr unsigned long readable = XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB);
  require(X509_NAME_print_ex(sink.get(), X509_get_subject_name(certificate_.get()), 0, readable) >= 0,
          "reading a certificate");
  return std::string(contents(sink.get()));
}

}  // namespace spectacles::crypto
