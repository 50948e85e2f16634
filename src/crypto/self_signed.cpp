// The certificate that a first start makes for its own key (RFC 5280).
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "crypto/certificate.h"
#include "crypto/openssl.h"

namespace spectacles::crypto {
namespace {

constexpr std::string_view action = "making a certificate";
constexpr std::chrono::seconds backdated = std::chrono::hours(1);  // registries' clocks may be behind
constexpr std::chrono::seconds lifetime = std::chrono::days(3650);

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

// Labels of letters, digits and dashes. Go, which registries are written in, refuses a certificate with another SAN.
bool is_host_name(std::string_view text) {
  bool label_is_empty = true;
  for (const char c : text) {
    if (c == '.' ? label_is_empty : !is_host_character(c)) return false;
    label_is_empty = c == '.';
  }
  return !label_is_empty;
}

void set_serial(X509* certificate) {
  constexpr int serial_bits = 128;
  const auto serial = require(BN_new(), action);
  require(BN_rand(serial.get(), serial_bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
              BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate)) != nullptr,
          action);
}

void set_names(X509* certificate, std::string_view common_name) {
  X509_NAME* const subject = X509_get_subject_name(certificate);
  require(X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8, bytes_of(common_name),
                                     static_cast<int>(common_name.size()), -1, 0) == 1 &&
              X509_set_issuer_name(certificate, subject) == 1,
          action);
}

void set_dates(X509* certificate, Time now) {
  const auto start = static_cast<std::time_t>(to_unix_seconds(now - backdated));
  require(ASN1_TIME_set(X509_getm_notBefore(certificate), start) != nullptr &&
              ASN1_TIME_set(X509_getm_notAfter(certificate), start + lifetime.count()) != nullptr,
          action);
}

void add_extension(X509* certificate, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const auto extension = require(X509V3_EXT_conf_nid(nullptr, &context, nid, value), action);
  require(X509_add_ext(certificate, extension.get(), -1) == 1, action);
}

// The names without those that occur twice, as entries of a SAN. A name that is neither address nor host name stays
// out.
Handle<GENERAL_NAMES> make_alternatives(std::vector<std::string> names) {
  auto alternatives = require(GENERAL_NAMES_new(), action);
  for (auto name = names.begin(); name != names.end(); ++name) {
    if (std::find(names.begin(), name, *name) != name) continue;
    const Handle<ASN1_OCTET_STRING> address(a2i_IPADDRESS(name->c_str()));
    if (!address && !is_host_name(*name)) continue;
    auto entry =
        require(a2i_GENERAL_NAME(nullptr, nullptr, nullptr, address ? GEN_IPADD : GEN_DNS, name->c_str(), 0), action);
    require(sk_GENERAL_NAME_push(alternatives.get(), entry.get()) > 0, action);
    static_cast<void>(entry.release());  // now the list's
  }
  return alternatives;
}

void add_extensions(X509* certificate, std::string_view common_name) {
  add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate, NID_key_usage, "critical,digitalSignature,keyCertSign");
  add_extension(certificate, NID_ext_key_usage, "serverAuth");
  add_extension(certificate, NID_subject_key_identifier, "hash");
  const auto names = make_alternatives({std::string(common_name), "localhost", "127.0.0.1", "::1"});
  require(X509_add1_ext_i2d(certificate, NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT) == 1, action);
}

}  // namespace

Certificate Certificate::self_signed(const PrivateKey& key, std::string_view common_name, Time now) {
  const ErrorQueueGuard guard;
  constexpr std::size_t max_common_name = 64;
  if (common_name.empty() || common_name.size() > max_common_name || common_name.find('\0') != std::string_view::npos) {
    throw std::invalid_argument("the common name of a certificate has 1 to 64 bytes and no NUL");
  }
  auto certificate = require(X509_new(), action);
  require(X509_set_version(certificate.get(), X509_VERSION_3) == 1, action);
  set_serial(certificate.get());
  set_names(certificate.get(), common_name);
  set_dates(certificate.get(), now);
  require(X509_set_pubkey(certificate.get(), key.public_key().get()) == 1, action);
  add_extensions(certificate.get(), common_name);
  const EVP_MD* const digest = key.algorithm() == Algorithm::es384 ? EVP_sha384() : EVP_sha256();
  require(X509_sign(certificate.get(), key.get(), digest) > 0, action);
  return take(std::move(certificate)).value();
}

}  // namespace spectacles::crypto
