#include "tokens/claims.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "base/base64.h"
#include "crypto/jwk.h"

namespace spectacles::tokens {
namespace {

using boost::json::serialize;

constexpr std::int64_t noon = 1'772'366'400;  // 2026-03-01T12:00:00Z

const TokenTimes times{.issued_at = from_millis(noon * 1000 + 987), .lifetime = std::chrono::seconds(900)};

RepositoryPath path(const std::string& text) {
  return RepositoryPath::parse(text).value();
}

boost::json::object claims(const std::string& subject, const Granted& granted) {
  const auto service = ServiceName::parse("Docker registry").value();
  return boost::json::parse(render_claims("Auth service", service, subject, granted, times, "id-1")).as_object();
}

registries::SigningKey make_key() {
  const auto key = crypto::PrivateKey::generate_p256();
  return {.key = key,
          .certificate = crypto::Certificate::self_signed(key, "spectacles", times.issued_at),
          .libtrust_id = crypto::libtrust_id(key.public_key()),
          .rfc7638_id = crypto::rfc7638_id(key.public_key())};
}

TEST(Claims, AreExactlyThese) {
  const Granted granted{.repositories = {{path("team/app"), {Action::push, Action::pull}}, {path("b"), {Action::del}}},
                        .catalog = true};
  EXPECT_EQ(serialize(claims("alice", granted)),
            R"({"iss":"Auth service","sub":"alice","aud":"Docker registry","exp":1772367300,"nbf":1772366380,)"
            R"("iat":1772366400,"jti":"id-1","access":[)"
            R"({"type":"repository","name":"team/app","actions":["pull","push"]},)"
            R"({"type":"repository","name":"b","actions":["delete"]},)"
            R"({"type":"registry","name":"catalog","actions":["*"]}]})");
}

TEST(Claims, OfNobodyWithNothing) {
  const auto empty = claims("", {});
  EXPECT_EQ(serialize(empty.at("sub")), R"("")");
  EXPECT_EQ(serialize(empty.at("access")), "[]");
}

TEST(Claims, AreWhatRegistriesRead) {
  const auto built = claims("alice", {});
  EXPECT_TRUE(built.at("aud").is_string()) << "distribution 2.8 takes no list";
  for (const auto* date : {"exp", "nbf", "iat"}) EXPECT_TRUE(built.at(date).is_int64()) << date;
  const auto slack = built.at("iat").as_int64() - built.at("nbf").as_int64();
  EXPECT_GE(slack, 10);
  EXPECT_LE(slack, 30);
  EXPECT_EQ(built.at("exp").as_int64() - built.at("iat").as_int64(), 900);
}

TEST(Claims, EverythingIsGrantedByName) {
  const Granted granted{.repositories = {{path("a"), ActionSet::all()}}, .catalog = false};
  EXPECT_EQ(serialize(claims("alice", granted).at("access")),
            R"([{"type":"repository","name":"a","actions":["pull","push","delete"]}])");
}

TEST(Header, ForABundleCarriesTheCertificate) {
  const auto key = make_key();
  const auto header = build_header(key, registries::KeyMode::x5c);
  EXPECT_EQ(header.at("typ"), "JWT");
  EXPECT_EQ(header.at("alg"), "ES256");
  EXPECT_EQ(header.at("kid").as_string(), key.libtrust_id);
  ASSERT_EQ(header.at("x5c").as_array().size(), 1U);
  EXPECT_EQ(header.at("x5c").as_array()[0].as_string(), to_base64(key.certificate.der()))
      << "base64 with padding, RFC 7515 section 4.1.6";
  EXPECT_EQ(header.size(), 4U);
}

TEST(Header, ForAJwksHasNoCertificate) {
  const auto key = make_key();
  const auto header = build_header(key, registries::KeyMode::jwks);
  EXPECT_FALSE(header.contains("x5c"));
  EXPECT_EQ(header.at("kid").as_string(), key.rfc7638_id);
  EXPECT_EQ(header.size(), 3U);
}

TEST(RenderScope, SaysWhatWasGranted) {
  EXPECT_EQ(render_scope({}), "");
  EXPECT_EQ(render_scope({.repositories = {{path("team/app"), {Action::pull, Action::push}}}, .catalog = true}),
            "repository:team/app:pull,push registry:catalog:*");
  EXPECT_EQ(
      render_scope({.repositories = {{path("a"), ActionSet::all()}, {path("b"), {Action::pull}}}, .catalog = false}),
      "repository:a:pull,push,delete repository:b:pull");
  EXPECT_EQ(render_scope({.repositories = {}, .catalog = true}), "registry:catalog:*");
}

}  // namespace
}  // namespace spectacles::tokens
