#include "crypto/openssl.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <stdexcept>
#include <string>

namespace spectacles::crypto {

void OpensslDeleter::operator()(asn1_string_st* text) const {
  ASN1_STRING_free(text);
}
void OpensslDeleter::operator()(bignum_st* number) const {
  BN_clear_free(number);
}
void OpensslDeleter::operator()(bio_st* bio) const {
  BIO_free(bio);
}
void OpensslDeleter::operator()(evp_mac_ctx_st* context) const {
  EVP_MAC_CTX_free(context);
}
void OpensslDeleter::operator()(evp_mac_st* algorithm) const {
  EVP_MAC_free(algorithm);
}
void OpensslDeleter::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}
void OpensslDeleter::operator()(evp_pkey_ctx_st* context) const {
  EVP_PKEY_CTX_free(context);
}
void OpensslDeleter::operator()(evp_pkey_st* key) const {
  EVP_PKEY_free(key);
}
void OpensslDeleter::operator()(GENERAL_NAME_st* name) const {
  GENERAL_NAME_free(name);
}
void OpensslDeleter::operator()(stack_st_GENERAL_NAME* names) const {
  GENERAL_NAMES_free(names);
}
void OpensslDeleter::operator()(x509_st* certificate) const {
  X509_free(certificate);
}
void OpensslDeleter::operator()(ECDSA_SIG_st* signature) const {
  ECDSA_SIG_free(signature);
}
void OpensslDeleter::operator()(X509_extension_st* extension) const {
  X509_EXTENSION_free(extension);
}

ErrorQueueGuard::~ErrorQueueGuard() {
  ERR_clear_error();
}

void fail(std::string_view what) {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  std::string text(what);
  text += " failed: ";
  text += reason != nullptr ? reason : "no reason given";
  ERR_clear_error();
  throw std::runtime_error(text);
}

Handle<bio_st> read_from(std::string_view bytes) {
  if (bytes.size() > max_pem_bytes) return nullptr;
  // OpenSSL refuses a null pointer even where there is nothing to read.
  const char* const start = bytes.empty() ? "" : bytes.data();
  return require(BIO_new_mem_buf(start, static_cast<int>(bytes.size())), "reading from memory");
}

Handle<bio_st> make_sink() {
  return require(BIO_new(BIO_s_secmem()), "writing to memory");
}

std::string_view contents(bio_st* sink) {
  char* start = nullptr;
  const long length = BIO_get_mem_data(sink, &start);
  return {start, static_cast<std::size_t>(length)};
}

}  // namespace spectacles::crypto
