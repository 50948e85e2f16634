#include "crypto/jwk.h"

#include <gtest/gtest.h>

#include "crypto/vectors_test.h"

namespace spectacles::crypto {
namespace {

TEST(Jwk, IdsAreThoseThatRegistriesCompute) {
  int checked = 0;
  const auto vectors = load_vectors("key-ids.json").at("keys");
  for (const auto& [name, vector] : vectors.as_object()) {
    if (vector.at("libtrust").is_null()) continue;  // Ed25519: key_test.cpp shows that it is refused
    const auto key = PublicKey::parse_pem(text_of(vector.at("public_key_pem")));
    ASSERT_TRUE(key) << name << ": " << key.error().text;
    EXPECT_EQ(libtrust_id(*key), text_of(vector.at("libtrust"))) << name;
    EXPECT_EQ(rfc7638_id(*key), text_of(vector.at("rfc7638"))) << name;
    EXPECT_EQ(to_jwk(*key), vector.at("jwk").as_object()) << name;
    ++checked;
  }
  EXPECT_EQ(checked, 5);
}

TEST(Jwk, ThumbprintAgreesWithRfc7638) {
  const auto example = load_vectors("jws.json").at("thumbprint");
  const auto key = PublicKey::parse_pem(text_of(example.at("public_key_pem")));
  ASSERT_TRUE(key);
  EXPECT_EQ(rfc7638_id(*key), text_of(example.at("rfc7638")));
}

TEST(Jwk, IdsDoNotDependOnHowThePointWasWritten) {
  const auto keys = load_vectors("keys.json");
  const auto plain = PublicKey::parse_pem(text_of(keys.at("p256_public")));
  const auto compressed = PublicKey::parse_pem(text_of(keys.at("p256_public_compressed")));
  ASSERT_TRUE(plain);
  ASSERT_TRUE(compressed);
  EXPECT_EQ(compressed->spki_der(), plain->spki_der());
  EXPECT_EQ(libtrust_id(*compressed), libtrust_id(*plain));
  EXPECT_EQ(rfc7638_id(*compressed), rfc7638_id(*plain));
}

TEST(Jwk, HoldsNoPrivateMember) {
  const auto jwk = to_jwk(PrivateKey::generate_p256().public_key());
  EXPECT_EQ(jwk.size(), 4U);
  EXPECT_FALSE(jwk.contains("d"));
}

}  // namespace
}  // namespace spectacles::crypto
