// What the tests of signing share: a key, and a registry that trusts it.
#pragma once

#include <boost/json/parse.hpp>
#include <fstream>
#include <sstream>

#include "crypto/jwk.h"
#include "tokens/signer.h"

namespace spectacles::tokens {

inline registries::SigningKey make_test_key(Time now,
                                            const crypto::PrivateKey& key = crypto::PrivateKey::generate_p256()) {
  return {.key = key,
          .certificate = crypto::Certificate::self_signed(key, "spectacles", now),
          .libtrust_id = crypto::libtrust_id(key.public_key()),
          .rfc7638_id = crypto::rfc7638_id(key.public_key())};
}

// An RSA key.
inline std::string slow_key_pem() {
  std::ifstream file(SPECTACLES_SOURCE_DIR "/tests/vectors/keys.json");
  std::ostringstream text;
  text << file.rdbuf();
  return std::string(boost::json::parse(text.str()).at("private_accepted").at("pkcs1_rsa2048").as_string());
}

inline registries::Registry make_test_registry(const std::string& service, registries::KeyMode mode,
                                               std::int64_t id = 1) {
  return {.id = RegistryId(id),
          .name = Label::parse("main").value(),
          .address = {.url = registries::RegistryUrl::parse("http://localhost:5000").value(), .ca = {}, .pin = {}},
          .public_host = RegistryHost::parse("localhost:5000").value(),
          .service = ServiceName::parse(service).value(),
          .key_mode = mode};
}

}  // namespace spectacles::tokens
