#include "tokens/signer.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "crypto/jws.h"
#include "tokens/signing_test.h"

namespace spectacles::tokens {
namespace {

class SignerTest : public testing::Test {
 protected:
  crypto::Jws verified(const SignedToken& token) const {
    const auto jws = crypto::jws_verify(token.text.reveal(), key_.key.public_key());
    EXPECT_TRUE(jws) << jws.error().text;
    return jws.value();
  }

  ManualClock clock_{from_millis(1'772'366'400'500)};
  registries::SigningKey key_ = make_test_key(clock_.now());
  Signer signer_{key_, "Auth service", std::chrono::seconds(300), clock_};
};

TEST_F(SignerTest, SignsSoThatTheKeyVerifies) {
  const Granted granted{.repositories = {{RepositoryPath::parse("a").value(), {Action::pull}}}, .catalog = false};
  const auto token = signer_.sign(make_test_registry("Docker registry", registries::KeyMode::x5c), "alice", granted);
  const auto jws = verified(token);
  EXPECT_EQ(jws.header, build_header(key_, registries::KeyMode::x5c));
  const auto claims = boost::json::parse(jws.payload).as_object();
  EXPECT_EQ(claims.at("aud"), "Docker registry");
  EXPECT_EQ(claims.at("sub"), "alice");
  EXPECT_EQ(claims.at("iat").as_int64(), 1'772'366'400);
  EXPECT_EQ(claims.at("exp").as_int64(), 1'772'366'700);
  EXPECT_EQ(token.times.issued_at, clock_.now());
  EXPECT_EQ(token.times.lifetime, std::chrono::seconds(300));
}

TEST_F(SignerTest, UsesTheRegistrysServiceAndKeyMode) {
  const auto jws = verified(signer_.sign(make_test_registry("second", registries::KeyMode::jwks), "", {}));
  EXPECT_EQ(jws.header, build_header(key_, registries::KeyMode::jwks));
  EXPECT_EQ(boost::json::parse(jws.payload).at("aud"), "second");
}

TEST_F(SignerTest, AnotherKeyDoesNotVerify) {
  const auto token = signer_.sign(make_test_registry("Docker registry", registries::KeyMode::x5c), "alice", {});
  EXPECT_FALSE(crypto::jws_verify(token.text.reveal(), make_test_key(clock_.now()).key.public_key()));
}

TEST_F(SignerTest, EveryTokenHasAnIdOfItsOwn) {
  const auto main = make_test_registry("Docker registry", registries::KeyMode::x5c);
  std::set<std::string> ids;
  for (int i = 0; i < 20; ++i) {
    const auto claims = boost::json::parse(verified(signer_.sign(main, "alice", {})).payload);
    ids.insert(std::string(claims.at("jti").as_string()));
  }
  EXPECT_EQ(ids.size(), 20U);
  EXPECT_FALSE(ids.contains(""));
}

}  // namespace
}  // namespace spectacles::tokens
