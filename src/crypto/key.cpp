#include "crypto/key.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <optional>

#include "crypto/openssl.h"

namespace spectacles::crypto {
namespace {

constexpr int least_rsa_bits = 2048;
constexpr int most_rsa_bits = 8192;

Result<Algorithm> refuse_key(std::string_view what) {
  return refuse(RefusalKind::invalid,
                std::string(what) + " cannot sign for registries: use RSA of 2048 to 8192 bits, EC P-256 or EC P-384");
}

std::optional<std::string> find_named_curve(EVP_PKEY* key) {
  int explicit_parameters = 0;
  std::array<char, 80> name{};
  std::size_t length = 0;
  if (EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &explicit_parameters) != 1 ||
      explicit_parameters != 0 || EVP_PKEY_get_group_name(key, name.data(), name.size(), &length) != 1) {
    return std::nullopt;
  }
  return std::string(name.data(), length);
}

Result<Algorithm> decide_algorithm(EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "RSA") == 1) {
    const int bits = EVP_PKEY_get_bits(key);
    if (bits < least_rsa_bits || bits > most_rsa_bits)
      return refuse_key("an RSA key of " + std::to_string(bits) + " bits");
    return Algorithm::rs256;
  }
  if (EVP_PKEY_is_a(key, "EC") == 1) {
    const auto curve = find_named_curve(key);
    if (curve == SN_X9_62_prime256v1) return Algorithm::es256;
    if (curve == SN_secp384r1) return Algorithm::es384;
    return refuse_key(curve ? "an EC key on the curve " + *curve : "an EC key without a named curve");
  }
  if (EVP_PKEY_is_a(key, "ED25519") == 1) {
    return refuse(
        RefusalKind::invalid,
        "an Ed25519 key cannot sign for registries: version 2.8 does not start when its bundle holds one; use "
        "RSA of 2048 to 8192 bits, EC P-256 or EC P-384");
  }
  const char* const type = EVP_PKEY_get0_type_name(key);
  return refuse_key(type != nullptr ? std::string("a key of type ") + type : "a key of unknown type");
}

std::string render_spki(EVP_PKEY* key) {
  const int length = i2d_PUBKEY(key, nullptr);
  require(length > 0, "encoding a public key");
  std::string der(static_cast<std::size_t>(length), '\0');
  auto* out = reinterpret_cast<unsigned char*>(der.data());
  require(i2d_PUBKEY(key, &out) == length, "encoding a public key");
  return der;
}

// Null when `der` is not exactly one SubjectPublicKeyInfo.
Handle<EVP_PKEY> read_spki(std::string_view der) {
  const unsigned char* in = bytes_of(der);
  Handle<EVP_PKEY> key(d2i_PUBKEY(nullptr, &in, static_cast<long>(der.size())));
  const bool all_read = in == bytes_of(der) + der.size();
  return all_read ? std::move(key) : nullptr;
}

// Stands in for the passphrase prompt, which would wait at the terminal.
int refuse_passphrase(char*, int, int, void* was_asked) {
  *static_cast<bool*>(was_asked) = true;
  return -1;
}

struct PemBytes {
  ~PemBytes() { OPENSSL_free(start); }
  unsigned char* start = nullptr;
  long length = 0;
};

}  // namespace

std::string_view render_algorithm(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::rs256:
      return "RS256";
    case Algorithm::es256:
      return "ES256";
    case Algorithm::es384:
      return "ES384";
  }
  return "";
}

Result<PublicKey> PublicKey::parse_pem(std::string_view pem) {
  const ErrorQueueGuard guard;
  const auto source = read_from(pem);
  PemBytes der;
  bool passphrase_asked = false;
  if (!source || PEM_bytes_read_bio(&der.start, &der.length, nullptr, PEM_STRING_PUBLIC, source.get(),
                                    refuse_passphrase, &passphrase_asked) != 1) {
    return refuse(RefusalKind::invalid, "this is no public key in PEM form (BEGIN PUBLIC KEY)");
  }
  const auto key = read_spki({reinterpret_cast<const char*>(der.start), static_cast<std::size_t>(der.length)});
  if (!key) return refuse(RefusalKind::invalid, "the PEM block does not hold a public key that can be read");
  return copy_of(key.get());
}

Result<PublicKey> PublicKey::copy_of(evp_pkey_st* key) {
  const ErrorQueueGuard guard;
  const auto algorithm = decide_algorithm(key);
  if (!algorithm) return pass_on(algorithm);
  auto copy = read_spki(render_spki(key));
  require(copy != nullptr, "copying a public key");
  if (*algorithm != Algorithm::rs256) {
    // Key ids are computed of the uncompressed form, whichever the file had.
    require(EVP_PKEY_set_utf8_string_param(copy.get(), OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "uncompressed") == 1,
            "copying a public key");
  }
  return PublicKey(std::move(copy), *algorithm);
}

std::string PublicKey::spki_der() const {
  const ErrorQueueGuard guard;
  return render_spki(key_.get());
}

bool operator==(const PublicKey& left, const PublicKey& right) {
  const ErrorQueueGuard guard;
  return EVP_PKEY_eq(left.get(), right.get()) == 1;
}

Result<PrivateKey> PrivateKey::parse_pem(std::string_view pem) {
  const ErrorQueueGuard guard;
  const auto source = read_from(pem);
  bool passphrase_asked = false;
  std::shared_ptr<EVP_PKEY> key;
  if (source) {
    key = Handle<EVP_PKEY>(PEM_read_bio_PrivateKey(source.get(), nullptr, refuse_passphrase, &passphrase_asked));
  }
  if (!key && passphrase_asked) {
    return refuse(RefusalKind::invalid, "the private key is encrypted; write it without a passphrase");
  }
  if (!key) return refuse(RefusalKind::invalid, "this is no private key in PEM form (PKCS#8, PKCS#1 or SEC 1)");
  auto public_key = PublicKey::copy_of(key.get());
  if (!public_key) return pass_on(public_key);
  return PrivateKey(std::move(key), std::move(*public_key));
}

PrivateKey PrivateKey::generate_p256() {
  const ErrorQueueGuard guard;
  std::shared_ptr<EVP_PKEY> key = require(EVP_EC_gen(SN_X9_62_prime256v1), "making a key");
  auto public_key = PublicKey::copy_of(key.get()).value();
  return PrivateKey(std::move(key), std::move(public_key));
}

std::string PrivateKey::to_pem() const {
  const ErrorQueueGuard guard;
  const auto sink = make_sink();
  require(PEM_write_bio_PKCS8PrivateKey(sink.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1,
          "writing a private key");
  return std::string(contents(sink.get()));
}

}  // namespace spectacles::crypto
