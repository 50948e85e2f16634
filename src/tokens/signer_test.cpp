#include "tokens/signer.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "crypto/jwk.h"
#include "crypto/jws.h"

namespace spectacles::tokens {
namespace {

class SignerTest : public testing::Test {
 protected:
  static registries::SigningKey make_key(Time now) {
    const auto key = crypto::PrivateKey::generate_p256();
    return {.key = key,
            .certificate = crypto::Certificate::self_signed(key, "spectacles", now),
            .libtrust_id = crypto::libtrust_id(key.public_key()),
            .rfc7638_id = crypto::rfc7638_id(key.public_key())};
  }

  static registries::Registry registry(const std::string& service, registries::KeyMode mode) {
    return {.id = RegistryId(1),
            .name = Label::parse("main").value(),
            .address = {.url = registries::RegistryUrl::parse("http://localhost:5000").value(), .ca = {}, .pin = {}},
            .public_host = RegistryHost::parse("localhost:5000").value(),
            .service = ServiceName::parse(service).value(),
            .key_mode = mode};
  }

  crypto::Jws verified(const SignedToken& token) const {
    const auto jws = crypto::jws_verify(token.text.reveal(), key_.key.public_key());
    EXPECT_TRUE(jws) << jws.error().text;
    return jws.value();
  }

  ManualClock clock_{from_millis(1'772'366'400'500)};
  registries::SigningKey key_ = make_key(clock_.now());
  Signer signer_{key_, "Auth service", std::chrono::seconds(300), clock_};
};

TEST_F(SignerTest, SignsSoThatTheKeyVerifies) {
  const Granted granted{.repositories = {{RepositoryPath::parse("a").value(), {Action::pull}}}, .catalog = false};
  const auto token = signer_.sign(registry("Docker registry", registries::KeyMode::x5c), "alice", granted);
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
  const auto jws = verified(signer_.sign(registry("second", registries::KeyMode::jwks), "", {}));
  EXPECT_EQ(jws.header, build_header(key_, registries::KeyMode::jwks));
  EXPECT_EQ(boost::json::parse(jws.payload).at("aud"), "second");
}

TEST_F(SignerTest, AnotherKeyDoesNotVerify) {
  const auto token = signer_.sign(registry("Docker registry", registries::KeyMode::x5c), "alice", {});
  EXPECT_FALSE(crypto::jws_verify(token.text.reveal(), make_key(clock_.now()).key.public_key()));
}

TEST_F(SignerTest, EveryTokenHasAnIdOfItsOwn) {
  const auto main = registry("Docker registry", registries::KeyMode::x5c);
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
