#include "crypto/key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "crypto/vectors_test.h"

namespace spectacles::crypto {
namespace {

using testing::HasSubstr;

// Every test also shows that no OpenSSL error is left behind on its thread.
class KeyTest : public testing::Test {
 protected:
  ~KeyTest() override { EXPECT_EQ(ERR_peek_error(), 0U); }

  boost::json::object samples = load_vectors("keys.json");
};

TEST_F(KeyTest, ReadsPrivateKeysInEveryForm) {
  const std::map<std::string, std::string> algorithms{{"pkcs8_p256", "ES256"},
                                                      {"sec1_p256_after_parameters", "ES256"},
                                                      {"sec1_p384", "ES384"},
                                                      {"pkcs1_rsa2048", "RS256"}};
  for (const auto& [name, algorithm] : algorithms) {
    const auto key = PrivateKey::parse_pem(text_of(samples.at("private_accepted").at(name)));
    ASSERT_TRUE(key) << name << ": " << key.error().text;
    EXPECT_EQ(render_algorithm(key->algorithm()), algorithm) << name;
    EXPECT_TRUE(verify_signature(key->public_key(), "text", key->sign("text"))) << name;
  }
}

TEST_F(KeyTest, RefusesPrivateKeysThatCannotServe) {
  for (const auto& [name, pem] : samples.at("private_refused").as_object()) {
    const auto key = PrivateKey::parse_pem(text_of(pem));
    ASSERT_FALSE(key) << name;
    EXPECT_EQ(key.error().kind, RefusalKind::invalid) << name;
  }
}

TEST_F(KeyTest, RefusesPublicKeysThatCannotServe) {
  for (const auto& [name, pem] : samples.at("public_refused").as_object()) {
    EXPECT_FALSE(PublicKey::parse_pem(text_of(pem))) << name;
  }
}

TEST_F(KeyTest, SaysWhatIsWrong) {
  const auto& refused = samples.at("public_refused");
  const auto text_for = [&](const char* name) { return PublicKey::parse_pem(text_of(refused.at(name))).error().text; };
  EXPECT_THAT(text_for("ed25519"), HasSubstr("2.8 does not start"));
  EXPECT_THAT(text_for("rsa1024"), HasSubstr("RSA key of 1024 bits"));
  EXPECT_THAT(text_for("p521"), HasSubstr("secp521r1"));
  EXPECT_THAT(text_for("explicit_parameters"), HasSubstr("without a named curve"));
}

TEST_F(KeyTest, RefusesTheEd25519KeyOfTheKeyIdVectors) {
  const auto vector = load_vectors("key-ids.json").at("keys").at("ed25519");
  EXPECT_THAT(PublicKey::parse_pem(text_of(vector.at("public_key_pem"))).error().text, HasSubstr("Ed25519"));
}

TEST_F(KeyTest, RefusesEncryptedKeysWithoutAskingForThePassphrase) {
  for (const auto& [name, pem] : samples.at("private_encrypted").as_object()) {
    const auto key = PrivateKey::parse_pem(text_of(pem));
    ASSERT_FALSE(key) << name;
    EXPECT_THAT(key.error().text, HasSubstr("encrypted")) << name;
  }
}

TEST_F(KeyTest, RefusesWhatIsNoKey) {
  const std::string good = text_of(samples.at("private_accepted").at("pkcs8_p256"));
  const std::string good_public = text_of(samples.at("p256_public"));
  for (const std::string& bad : {std::string(), std::string("\0", 1), std::string("key"), good.substr(0, 100),
                                 std::string("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
                                 std::string("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"),
                                 good_public.substr(0, 80), std::string(2'000'000, '-')}) {
    EXPECT_FALSE(PrivateKey::parse_pem(bad)) << bad.substr(0, 200);
    EXPECT_FALSE(PublicKey::parse_pem(bad)) << bad.substr(0, 200);
  }
}

TEST_F(KeyTest, RefusalsDoNotRepeatTheKey) {
  const std::string good = text_of(samples.at("private_accepted").at("pkcs8_p256"));
  const auto refused = PrivateKey::parse_pem(good.substr(0, 100));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text.find(good.substr(30, 20)), std::string::npos);
}

TEST_F(KeyTest, SurvivesItsOwnPem) {
  const auto key = PrivateKey::generate_p256();
  EXPECT_TRUE(key.to_pem().starts_with("-----BEGIN PRIVATE KEY-----\n"));
  const auto again = PrivateKey::parse_pem(key.to_pem());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->public_key(), key.public_key());
  EXPECT_TRUE(verify_signature(key.public_key(), "text", again->sign("text")));
}

TEST_F(KeyTest, GeneratesAnotherP256KeyEachTime) {
  const auto key = PrivateKey::generate_p256();
  EXPECT_EQ(key.algorithm(), Algorithm::es256);
  EXPECT_FALSE(key.public_key() == PrivateKey::generate_p256().public_key());
}

TEST_F(KeyTest, PublicKeyHoldsNoPrivateHalf) {
  const auto key = PrivateKey::generate_p256();
  BIGNUM* secret = nullptr;
  ASSERT_EQ(EVP_PKEY_get_bn_param(key.get(), OSSL_PKEY_PARAM_PRIV_KEY, &secret), 1);
  BN_clear_free(secret);
  secret = nullptr;
  EXPECT_EQ(EVP_PKEY_get_bn_param(key.public_key().get(), OSSL_PKEY_PARAM_PRIV_KEY, &secret), 0);
  ERR_clear_error();
}

}  // namespace
}  // namespace spectacles::crypto
