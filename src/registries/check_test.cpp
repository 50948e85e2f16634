#include "registries/check.h"

#include <gtest/gtest.h>

#include "crypto/certificate.h"
#include "support/scripted_server.h"

namespace spectacles::registries {
namespace {

using support::http_answer;
using support::ScriptedServer;

constexpr auto good =
    "WWW-Authenticate: Bearer realm=\"https://auth.example.org/token_auth\",service=\"Docker registry\"\r\n";

ConnectionTest test_against(int status, const std::string& headers, std::optional<std::string> public_url = {}) {
  ScriptedServer server([&](const auto&) { return support::ScriptedAnswer{http_answer(status, headers, "{}")}; });
  const RegistryAddress address{.url = RegistryUrl::parse(server.url()).value(), .ca = {}, .pin = {}};
  auto result =
      test_connection(address, {.own_key = {}, .public_url = std::move(public_url), .limits = {}}, SystemClock().now());
  EXPECT_EQ(server.requests().size(), 1U);
  EXPECT_EQ(server.requests().at(0).head.find("Authorization"), std::string::npos);
  return result;
}

// "address+ dns+ ...": + passed, - failed, ! warning, _ skipped.
std::string outline(const ConnectionTest& test) {
  std::string text;
  for (const auto& check : test.checks) {
    text += (text.empty() ? "" : " ") + check.name + "+-!_"[static_cast<std::size_t>(check.outcome)];
  }
  return text;
}

TEST(ConnectionTest, GoodRegistry) {
  const auto test = test_against(401, good, "https://auth.example.org");
  EXPECT_EQ(outline(test), "address+ dns+ tcp+ tls_ challenge+ realm+ service+ clock_");
  EXPECT_TRUE(test.ok());
  EXPECT_EQ(test.service->str(), "Docker registry");
  EXPECT_EQ(*test.realm, "https://auth.example.org/token_auth");
  EXPECT_FALSE(test.certificate);
}

TEST(ConnectionTest, ClocksThatDiffer) {
  // Scripted: not by the clock of this machine.
  const auto outcome_at = [](const std::string& now, const std::string& date) {
    ScriptedServer server([&](const auto&) {
      return support::ScriptedAnswer{http_answer(401, std::string(good) + "Date: " + date + "\r\n", "")};
    });
    const RegistryAddress address{.url = RegistryUrl::parse(server.url()).value(), .ca = {}, .pin = {}};
    const auto test = test_connection(address, {}, parse_rfc3339(now).value());
    EXPECT_TRUE(test.ok());
    return test.checks.back();
  };
  const std::string noon = "Sun, 01 Mar 2026 12:00:00 GMT";
  EXPECT_EQ(outcome_at("2026-03-01T12:00:30Z", noon).outcome, CheckOutcome::passed);
  EXPECT_EQ(outcome_at("2026-03-01T11:59:30Z", noon).outcome, CheckOutcome::passed);
  const auto behind = outcome_at("2026-03-01T12:02:00Z", noon);
  EXPECT_EQ(behind.outcome, CheckOutcome::warning);
  EXPECT_NE(behind.detail.find("120 seconds behind"), std::string::npos) << behind.detail;
  EXPECT_NE(outcome_at("2026-03-01T11:00:00Z", noon).detail.find("3600 seconds ahead of"), std::string::npos);
  EXPECT_EQ(outcome_at("2026-03-01T12:00:00Z", "noon").outcome, CheckOutcome::skipped);
}

TEST(ConnectionTest, RealmElsewhereIsAWarning) {
  const auto test = test_against(401, good, "https://other.example.org");
  EXPECT_EQ(outline(test), "address+ dns+ tcp+ tls_ challenge+ realm! service+ clock_");
  EXPECT_TRUE(test.ok());
  const auto path = test_against(401, "WWW-Authenticate: Bearer realm=\"https://a/jwt\",service=\"s\"\r\n");
  EXPECT_EQ(outline(path), "address+ dns+ tcp+ tls_ challenge+ realm! service+ clock_");
}

TEST(ConnectionTest, QuotesInTheServiceName) {
  const auto test =
      test_against(401, "WWW-Authenticate: Bearer realm=\"https://a/auth\",service=\"\\\"Docker registry\\\"\"\r\n");
  EXPECT_EQ(outline(test), "address+ dns+ tcp+ tls_ challenge+ realm+ service- clock_");
  EXPECT_FALSE(test.ok());
  EXPECT_FALSE(test.service);
  EXPECT_NE(test.checks.at(6).advice.find("without quotes"), std::string::npos);
}

TEST(ConnectionTest, NoTokenAskedFor) {
  for (const auto& [status, headers] : std::vector<std::pair<int, std::string>>{
           {200, ""},
           {401, ""},
           {401, "WWW-Authenticate: Basic realm=\"r\"\r\n"},
           {401, "WWW-Authenticate: Bearer realm=\"open\r\n"},
           {301, "Location: https://evil.example.org/v2/\r\n"},
           {404, ""},
           {200, good},
       }) {
    const auto test = test_against(status, headers);
    EXPECT_EQ(outline(test), "address+ dns+ tcp+ tls_ challenge- realm_ service_ clock_") << status << headers;
    EXPECT_FALSE(test.checks[4].advice.empty());
  }
}

TEST(ConnectionTest, MissingOrForeignParameters) {
  EXPECT_EQ(outline(test_against(401, "WWW-Authenticate: Bearer service=\"s\"\r\n")),
            "address+ dns+ tcp+ tls_ challenge+ realm- service+ clock_");
  EXPECT_EQ(outline(test_against(401, "WWW-Authenticate: Bearer realm=\"javascript:alert(1)\"\r\n")),
            "address+ dns+ tcp+ tls_ challenge+ realm- service- clock_");
}

TEST(ConnectionTest, TextOfTheRegistryIsBoundedAndClean) {
  const auto test = test_against(401, "WWW-Authenticate: Bearer realm=\"ftp://\x80\xff" + std::string(2000, 'a') +
                                          "\",service=\"\xe2\x80\xae\"\r\n");
  for (const auto& check : test.checks) {
    EXPECT_LT(check.detail.size(), 300U);
    EXPECT_EQ(check.detail.find_first_of("\x80\xff\xe2"), std::string::npos) << check.detail;
  }
}

TEST(ConnectionTest, NobodyThere) {
  const RegistryAddress address{.url = RegistryUrl::parse("http://127.0.0.1:1").value(), .ca = {}, .pin = {}};
  EXPECT_EQ(outline(test_connection(address, {}, {})), "address+ dns+ tcp- tls_ challenge_ realm_ service_ clock_");
}

TEST(ConnectionTest, LinkLocal) {
  const RegistryAddress address{.url = RegistryUrl::parse("http://169.254.169.254").value(), .ca = {}, .pin = {}};
  EXPECT_EQ(outline(test_connection(address, {}, {})), "address- dns_ tcp_ tls_ challenge_ realm_ service_ clock_");
}

TEST(ConnectionTest, ShowsAnUntrustedCertificate) {
  const auto key = crypto::PrivateKey::generate_p256();
  const auto certificate = crypto::Certificate::self_signed(key, "registry.example.org", SystemClock().now());
  ScriptedServer server([](const auto&) { return support::ScriptedAnswer{http_answer(401, good, "")}; },
                        support::TlsIdentity{key.to_pem(), certificate.to_pem()});
  RegistryAddress address{.url = RegistryUrl::parse(server.url()).value(), .ca = {}, .pin = {}};
  auto test = test_connection(address, {}, SystemClock().now());
  EXPECT_EQ(outline(test), "address+ dns+ tcp+ tls- challenge_ realm_ service_ clock_");
  ASSERT_TRUE(test.certificate);
  EXPECT_FALSE(test.certificate->trusted);
  address.pin = Pin::parse(test.certificate->fingerprint).value();
  test = test_connection(address, {}, SystemClock().now());
  EXPECT_EQ(outline(test), "address+ dns+ tcp+ tls+ challenge+ realm+ service+ clock_");
  EXPECT_EQ(outline(test_connection(address, {}, SystemClock().now() + std::chrono::years(11))),
            "address+ dns+ tcp+ tls! challenge+ realm+ service+ clock_");
}

}  // namespace
}  // namespace spectacles::registries
