#include "registries/tls.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>
#include <stdexcept>

#include "base/base64.h"
#include "registries/net_address.h"
#include "registries/printable.h"

namespace spectacles::registries {
namespace {

template <auto free>
struct Free {
  template <class T>
  void operator()(T* object) const {
    free(object);
  }
};

using Store = std::unique_ptr<X509_STORE, Free<X509_STORE_free>>;
using StoreContext = std::unique_ptr<X509_STORE_CTX, Free<X509_STORE_CTX_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_free>>;
using X509Handle = std::unique_ptr<X509, Free<X509_free>>;

std::string fingerprint_of(const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  if (X509_digest(certificate, EVP_sha256(), digest.data(), &length) != 1) throw std::runtime_error("SHA-256 failed");
  return to_hex({reinterpret_cast<const char*>(digest.data()), length});
}

std::string subject_of(const X509* certificate) {
  const Bio memory(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(memory.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  char* text = nullptr;
  const long length = BIO_get_mem_data(memory.get(), &text);
  return printable({text, static_cast<std::size_t>(length)});
}

Time end_of(const X509* certificate) {
  std::tm utc{};
  ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &utc);
  return Time(std::chrono::seconds(timegm(&utc)));
}

Store make_store(const std::optional<std::string>& ca) {
  Store store(X509_STORE_new());
  if (!ca) {
    X509_STORE_set_default_paths(store.get());
    return store;
  }
  const Bio pem(BIO_new_mem_buf(ca->data(), static_cast<int>(ca->size())));
  while (const X509Handle authority{PEM_read_bio_X509(pem.get(), nullptr, nullptr, nullptr)}) {
    X509_STORE_add_cert(store.get(), authority.get());
  }
  ERR_clear_error();  // the end of the text counts as an error
  return store;
}

void expect_host(X509_VERIFY_PARAM* parameters, const std::string& host) {
  X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  const bool set = is_ip_literal(host) ? X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) == 1
                                       : X509_VERIFY_PARAM_set1_host(parameters, host.data(), host.size()) == 1;
  if (!set) throw std::runtime_error("the host name cannot be verified");
}

}  // namespace

TlsVerifier::TlsVerifier(const RegistryAddress& address, std::optional<crypto::PublicKey> own_key)
    : pin_(address.pin), ca_(address.ca), host_(host_name(address.url)), own_key_(std::move(own_key)) {}

void TlsVerifier::install(ssl_ctx_st* context) {
  // Without SSL_VERIFY_PEER OpenSSL would ask and ignore the answer.
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(context, &TlsVerifier::callback, this);
}

int TlsVerifier::callback(x509_store_ctx_st* shown, void* self) {
  auto& verifier = *static_cast<TlsVerifier*>(self);
  try {
    if (verifier.verify(shown)) {
      X509_STORE_CTX_set_error(shown, X509_V_OK);
      return 1;
    }
  } catch (const std::exception& fault) {  // OpenSSL is C: nothing may be thrown through it
    verifier.complaint_ = fault.what();
  }
  if (X509_STORE_CTX_get_error(shown) == X509_V_OK)
    X509_STORE_CTX_set_error(shown, X509_V_ERR_APPLICATION_VERIFICATION);
  return 0;
}

bool TlsVerifier::verify(x509_store_ctx_st* shown) {
  const X509* leaf = X509_STORE_CTX_get0_cert(shown);
  complaint_.clear();
  seen_ = SeenCertificate{.fingerprint = fingerprint_of(leaf), .subject = subject_of(leaf), .not_after = end_of(leaf)};
  if (pin_) {
    seen_->trusted = seen_->fingerprint == pin_->str();
    if (!seen_->trusted) complaint_ = "it is not the certificate that is pinned";
  } else if (own_key_ && EVP_PKEY_eq(X509_get0_pubkey(leaf), own_key_->get()) == 1) {
    seen_->trusted = true;
  } else {
    seen_->trusted = verify_chain(shown);
  }
  return seen_->trusted;
}

// In a context of its own: what libcurl or its build has put into the store of the connection does not matter.
bool TlsVerifier::verify_chain(x509_store_ctx_st* shown) {
  const Store store = make_store(ca_);
  const StoreContext context(X509_STORE_CTX_new());
  if (X509_STORE_CTX_init(context.get(), store.get(), X509_STORE_CTX_get0_cert(shown),
                          X509_STORE_CTX_get0_untrusted(shown)) != 1 ||
      X509_STORE_CTX_set_default(context.get(), "ssl_server") != 1) {
    throw std::runtime_error("the certificate cannot be verified");
  }
  expect_host(X509_STORE_CTX_get0_param(context.get()), host_);
  if (X509_verify_cert(context.get()) == 1) return true;
  const int error = X509_STORE_CTX_get_error(context.get());
  X509_STORE_CTX_set_error(shown, error);
  complaint_ = X509_verify_cert_error_string(error);
  return false;
}

}  // namespace spectacles::registries
