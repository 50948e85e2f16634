#include "http/tls_context.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <stdexcept>
#include <string_view>

namespace spectacles::http {
namespace {

namespace ssl = boost::asio::ssl;

constexpr const char* tls12_ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

// The wire form of a list of protocols: each with its length before it.
constexpr unsigned char protocols[] = "\x08http/1.1";
constexpr unsigned int protocols_length = sizeof protocols - 1;

std::string last_reason() {
  const auto code = ERR_peek_last_error();
  ERR_clear_error();
  const char* reason = ERR_reason_error_string(code);
  return reason ? reason : "unknown reason";
}

int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_length, const unsigned char* offered,
                    unsigned int offered_length, void*) {
  unsigned char* match = nullptr;
  if (SSL_select_next_proto(&match, chosen_length, protocols, protocols_length, offered, offered_length) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *chosen = match;
  return SSL_TLSEXT_ERR_OK;
}

// Without this OpenSSL would ask for a pass phrase on the terminal.
int no_pass_phrase(char*, int, int, void*) {
  return -1;
}

}  // namespace

ssl::context load_tls_context(const TlsFiles& files) {
  ssl::context context(ssl::context::tls_server);
  auto* handle = context.native_handle();
  SSL_CTX_set_min_proto_version(handle, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(handle, tls12_ciphers);
  SSL_CTX_set_options(handle, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(handle, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(handle, choose_protocol, nullptr);
  SSL_CTX_set_default_passwd_cb(handle, no_pass_phrase);

  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(handle, files.certificate.c_str()) != 1) {
    throw std::runtime_error(
        fmt::format("cannot read the TLS certificate {}: {}", files.certificate.string(), last_reason()));
  }
  if (SSL_CTX_use_PrivateKey_file(handle, files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    // A key of the certificate's type is compared with it while it is read.
    const bool is_other_key = ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH;
    if (!is_other_key) {
      throw std::runtime_error(fmt::format("cannot read the TLS key {}: {}", files.key.string(), last_reason()));
    }
  }
  if (SSL_CTX_check_private_key(handle) != 1) {
    ERR_clear_error();
    throw std::runtime_error(fmt::format("the TLS key {} does not belong to the certificate {}", files.key.string(),
                                         files.certificate.string()));
  }
  return context;
}

}  // namespace spectacles::http
