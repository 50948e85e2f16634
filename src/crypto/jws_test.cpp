#include "crypto/jws.h"

#include <gtest/gtest.h>
#include <openssl/err.h>

#include <boost/json/serialize.hpp>

#include "base/base64.h"
#include "crypto/certificate.h"
#include "crypto/digest.h"
#include "crypto/jwk.h"
#include "crypto/vectors_test.h"

namespace spectacles::crypto {
namespace {

constexpr std::string_view rfc_payload =
    "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";

class JwsTest : public testing::Test {
 protected:
  ~JwsTest() override { EXPECT_EQ(ERR_peek_error(), 0U); }

  // A JWS whose header may say anything, signed by `key`.
  static std::string forge(std::string_view header, const PrivateKey& key) {
    const std::string input = to_base64url(header) + '.' + to_base64url("payload");
    return input + '.' + to_base64url(key.sign(input));
  }

  void expect_refused(std::string_view compact) const {
    const auto jws = jws_verify(compact, own_key.public_key());
    ASSERT_FALSE(jws) << compact;
    EXPECT_EQ(jws.error().kind, RefusalKind::unauthenticated) << compact;
  }

  PrivateKey own_key = PrivateKey::generate_p256();
  std::string good_jws = jws_sign({{"alg", "ES256"}, {"typ", "JWT"}}, "payload", own_key);
};

TEST_F(JwsTest, AgreesWithRfc7515AppendixA2) {
  const auto example = load_vectors("jws.json").at("rs256");
  const auto key = PrivateKey::parse_pem(text_of(example.at("private_key_pem"))).value();
  const std::string compact = text_of(example.at("compact"));
  EXPECT_EQ(jws_sign({{"alg", "RS256"}}, rfc_payload, key), compact);
  const auto jws = jws_verify(compact, key.public_key());
  ASSERT_TRUE(jws);
  EXPECT_EQ(jws->payload, rfc_payload);
}

TEST_F(JwsTest, AgreesWithRfc7515AppendixA3) {
  const auto example = load_vectors("jws.json").at("es256");
  const auto key = PrivateKey::parse_pem(text_of(example.at("private_key_pem"))).value();
  const auto jws = jws_verify(text_of(example.at("compact")), key.public_key());
  ASSERT_TRUE(jws);
  EXPECT_EQ(jws->payload, rfc_payload);
  EXPECT_EQ(boost::json::serialize(jws->header), R"({"alg":"ES256"})");
}

TEST_F(JwsTest, VerifiesWhatItSigned) {
  for (const std::string& payload : {std::string(), std::string("{}"), std::string("\0\xff", 2)}) {
    const auto jws = jws_verify(jws_sign({{"alg", "ES256"}}, payload, own_key), own_key.public_key());
    ASSERT_TRUE(jws);
    EXPECT_EQ(jws->payload, payload);
  }
}

TEST_F(JwsTest, DoesNotSignUnderAnotherAlgorithmsName) {
  EXPECT_THROW(jws_sign({}, "payload", own_key), std::invalid_argument);
  EXPECT_THROW(jws_sign({{"alg", "RS256"}}, "payload", own_key), std::invalid_argument);
  EXPECT_THROW(jws_sign({{"alg", "none"}}, "payload", own_key), std::invalid_argument);
}

// RFC 8725, section 2.1: the algorithm none, and the public key taken for an HMAC secret.
TEST_F(JwsTest, RefusesTheAlgorithmNone) {
  for (const char* alg : {"none", "None", "NONE", "nOnE", ""}) {
    const std::string header = to_base64url(std::string(R"({"alg":")") + alg + "\"}");
    const std::string input = header + '.' + to_base64url("payload");
    expect_refused(input + '.');
    expect_refused(input + good_jws.substr(good_jws.rfind('.')));
  }
}

TEST_F(JwsTest, RefusesHmacUnderThePublicKey) {
  const auto certificate = Certificate::self_signed(own_key, "localhost", from_millis(0));
  const std::string input = to_base64url(R"({"alg":"HS256"})") + '.' + to_base64url("payload");
  for (const std::string& secret : {own_key.public_key().spki_der(), certificate.to_pem(), certificate.der()}) {
    expect_refused(input + '.' + to_base64url(hmac_sha256(secret, input)));
  }
}

TEST_F(JwsTest, RefusesAnotherAlgorithmThanTheKeys) {
  for (const char* header :
       {R"({"alg":"RS256"})", R"({"alg":"ES384"})", R"({"alg":"PS256"})", R"({"alg":"es256"})", R"({"alg":"ES256 "})",
        R"({"alg":"HS256"})", R"({"alg":["ES256"]})", R"({"alg":null})", R"({"ALG":"ES256"})", "{}"}) {
    expect_refused(forge(header, own_key));
  }
  const auto rsa = PrivateKey::parse_pem(text_of(load_vectors("jws.json").at("rs256").at("private_key_pem"))).value();
  expect_refused(jws_sign({{"alg", "RS256"}}, "payload", rsa));
}

TEST_F(JwsTest, TakesNoKeyFromTheHeader) {
  const auto other = PrivateKey::generate_p256();
  const auto certificate = Certificate::self_signed(other, "localhost", from_millis(0));
  const boost::json::object headers[] = {
      {{"alg", "ES256"}, {"jwk", to_jwk(other.public_key())}},
      {{"alg", "ES256"}, {"jku", "https://attacker.example/jwks"}},
      {{"alg", "ES256"}, {"x5c", boost::json::array{to_base64(certificate.der())}}},
      {{"alg", "ES256"}, {"x5u", "https://attacker.example/cert"}},
      {{"alg", "ES256"}, {"kid", libtrust_id(own_key.public_key())}},
  };
  for (const auto& header : headers) {
    expect_refused(jws_sign(header, "payload", other));
    EXPECT_TRUE(jws_verify(jws_sign(header, "payload", own_key), own_key.public_key()));
  }
}

TEST_F(JwsTest, RefusesCriticalExtensions) {
  expect_refused(forge(R"({"alg":"ES256","crit":["exp"],"exp":1})", own_key));
  expect_refused(forge(R"({"alg":"ES256","crit":["b64"],"b64":false})", own_key));
  expect_refused(forge(R"({"alg":"ES256","crit":[]})", own_key));
}

TEST_F(JwsTest, RefusesOtherNumbersOfParts) {
  const std::string payload_and_signature = good_jws.substr(good_jws.find('.'));
  for (const std::string& bad :
       {std::string(), std::string("."), std::string(".."), std::string("..."), good_jws.substr(0, good_jws.rfind('.')),
        good_jws.substr(good_jws.find('.') + 1), good_jws + '.', '.' + good_jws, good_jws + ".x.y",
        payload_and_signature, std::string(good_jws).insert(good_jws.find('.'), "."),
        good_jws.substr(0, good_jws.rfind('.') + 1), std::string(100'000, '.')}) {
    expect_refused(bad);
  }
}

TEST_F(JwsTest, RefusesEveryTruncation) {
  for (std::size_t length = 0; length < good_jws.size(); ++length) expect_refused(good_jws.substr(0, length));
}

TEST_F(JwsTest, RefusesEveryChangedCharacter) {
  for (std::size_t at = 0; at < good_jws.size(); ++at) {
    std::string changed = good_jws;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    expect_refused(changed);
  }
}

TEST_F(JwsTest, RefusesBase64urlThatIsNotCanonical) {
  const auto last = good_jws.rfind('.');
  for (const std::string& bad :
       {good_jws + "=", good_jws + "==", good_jws + " ", good_jws + "\n", good_jws + std::string(1, '\0'),
        " " + good_jws, std::string(good_jws).insert(last, "="), std::string(good_jws).insert(last, "\n"),
        good_jws + "A"}) {
    expect_refused(bad);
  }
  // The last of the 86 characters of a 64-byte signature carries four bits that must be zero.
  std::string stray_bits = good_jws;
  const std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  stray_bits.back() = alphabet[alphabet.find(good_jws.back()) + 1];
  expect_refused(stray_bits);
}

TEST_F(JwsTest, RefusesHeadersThatAreNoJsonObject) {
  for (const std::string& header :
       {std::string(), std::string("[]"), std::string("\"ES256\""), std::string("null"), std::string("{"),
        std::string(R"({"alg":"ES256"} x)"), std::string("{\"alg\":\"ES256\",\"x\":\"\xff\"}"),
        std::string(10'000, '['), R"({"alg":"ES256","x":)" + std::string(1000, '[') + std::string(1000, ']') + '}'}) {
    expect_refused(forge(header, own_key));
  }
}

}  // namespace
}  // namespace spectacles::crypto
