#include "crypto/certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "crypto/openssl.h"
#include "crypto/vectors_test.h"

namespace spectacles::crypto {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

const Time now = std::chrono::sys_days(2026y / 3 / 1) + 12h;

// As `openssl x509 -text` shows it.
std::string describe(const Certificate& certificate) {
  const std::string pem = certificate.to_pem();
  const auto source = read_from(pem);
  const auto parsed = require(PEM_read_bio_X509(source.get(), nullptr, nullptr, nullptr), "reading");
  const auto sink = make_sink();
  X509_print_ex(sink.get(), parsed.get(), XN_FLAG_RFC2253, 0);
  return std::string(contents(sink.get()));
}

class CertificateTest : public testing::Test {
 protected:
  ~CertificateTest() override { EXPECT_EQ(ERR_peek_error(), 0U); }

  std::string self_signed_text(std::string_view common_name) const {
    return describe(Certificate::self_signed(own_key, common_name, now));
  }

  PrivateKey own_key = PrivateKey::generate_p256();
};

TEST_F(CertificateTest, SelfSignedIsForItsKeyAndTenYears) {
  const auto certificate = Certificate::self_signed(own_key, "registry.example.com", now);
  EXPECT_EQ(certificate.public_key(), own_key.public_key());
  EXPECT_EQ(certificate.subject(), "CN=registry.example.com");
  EXPECT_EQ(certificate.not_before(), now - 1h);
  EXPECT_EQ(certificate.not_after(), now - 1h + std::chrono::days(3650));
}

TEST_F(CertificateTest, SelfSignedHasWhatRegistriesAndTlsAskFor) {
  const std::string text = self_signed_text("registry.example.com");
  EXPECT_THAT(text, HasSubstr("Version: 3"));
  EXPECT_THAT(text, HasSubstr("Issuer: CN=registry.example.com"));
  EXPECT_THAT(text, HasSubstr("Basic Constraints: critical\n                CA:TRUE"));
  EXPECT_THAT(text, HasSubstr("Key Usage: critical\n                Digital Signature, Certificate Sign\n"));
  EXPECT_THAT(text, HasSubstr("TLS Web Server Authentication"));
  EXPECT_THAT(text, HasSubstr("DNS:registry.example.com, DNS:localhost, IP Address:127.0.0.1, "
                              "IP Address:0:0:0:0:0:0:0:1\n"));
  EXPECT_THAT(text, HasSubstr("Signature Algorithm: ecdsa-with-SHA256"));
}

TEST_F(CertificateTest, AddressesGoIntoTheSanAsAddresses) {
  const std::string v4 = self_signed_text("192.0.2.7");
  EXPECT_THAT(v4, HasSubstr("IP Address:192.0.2.7, DNS:localhost"));
  EXPECT_THAT(v4, Not(HasSubstr("DNS:192.0.2.7")));
  EXPECT_THAT(self_signed_text("2001:db8::7"), HasSubstr("IP Address:2001:DB8:0:0:0:0:0:7, DNS:localhost"));
}

TEST_F(CertificateTest, NamesAreNotDoubled) {
  EXPECT_THAT(self_signed_text("localhost"), HasSubstr("                DNS:localhost, IP Address:127.0.0.1, IP"));
  EXPECT_THAT(self_signed_text("127.0.0.1"), HasSubstr("                IP Address:127.0.0.1, DNS:localhost, IP"));
}

TEST_F(CertificateTest, CommonNameCannotAddOtherNames) {
  for (const char* name : {"a,DNS:evil.example", "a, IP:192.0.2.1", "Docker registry", "J\xc3\xbcrgen", "a..b", ".a"}) {
    const std::string text = self_signed_text(name);
    EXPECT_THAT(text, HasSubstr("                DNS:localhost, IP Address:127.0.0.1, IP")) << name;
  }
  EXPECT_EQ(Certificate::self_signed(own_key, "a,CN=b", now).subject(), "CN=a\\,CN=b");
  EXPECT_EQ(Certificate::self_signed(own_key, "J\xc3\xbcrgen", now).subject(), "CN=J\xc3\xbcrgen");
}

TEST_F(CertificateTest, CommonNamesOutOfBoundsAreRefused) {
  EXPECT_NO_THROW(Certificate::self_signed(own_key, std::string(64, 'a'), now));
  EXPECT_THROW(Certificate::self_signed(own_key, std::string(65, 'a'), now), std::invalid_argument);
  EXPECT_THROW(Certificate::self_signed(own_key, "", now), std::invalid_argument);
  EXPECT_THROW(Certificate::self_signed(own_key, std::string("a\0b", 3), now), std::invalid_argument);
}

TEST_F(CertificateTest, SerialsArePositiveRandomAndOf128Bits) {
  const auto serial_of = [](const Certificate& certificate) {
    const std::string der = certificate.der();
    const unsigned char* in = bytes_of(der);
    const auto parsed = require(d2i_X509(nullptr, &in, static_cast<long>(der.size())), "reading");
    const Handle<BIGNUM> serial(ASN1_INTEGER_to_BN(X509_get0_serialNumber(parsed.get()), nullptr));
    EXPECT_FALSE(BN_is_negative(serial.get()));
    EXPECT_EQ(BN_num_bits(serial.get()), 128);
    const Handle<BIO> sink = make_sink();
    BN_print(sink.get(), serial.get());
    return std::string(contents(sink.get()));
  };
  EXPECT_NE(serial_of(Certificate::self_signed(own_key, "a", now)),
            serial_of(Certificate::self_signed(own_key, "a", now)));
}

TEST_F(CertificateTest, SelfSignedVerifiesAgainstItself) {
  const auto keys = load_vectors("keys.json");
  for (const char* name : {"pkcs8_p256", "sec1_p384", "pkcs1_rsa2048"}) {
    const auto key = PrivateKey::parse_pem(text_of(keys.at("private_accepted").at(name))).value();
    const std::string der = Certificate::self_signed(key, "localhost", now).der();
    const unsigned char* in = bytes_of(der);
    const auto parsed = require(d2i_X509(nullptr, &in, static_cast<long>(der.size())), "reading");
    EXPECT_EQ(X509_verify(parsed.get(), key.public_key().get()), 1) << name;
    EXPECT_EQ(X509_check_host(parsed.get(), "localhost", 0, 0, nullptr), 1) << name;
    EXPECT_EQ(X509_check_ca(parsed.get()), 1) << name;
  }
}

TEST_F(CertificateTest, SurvivesItsOwnPem) {
  const auto certificate = Certificate::self_signed(own_key, "localhost", now);
  const auto again = Certificate::parse_pem(certificate.to_pem());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->der(), certificate.der());
  EXPECT_EQ(again->fingerprint(), certificate.fingerprint());
  EXPECT_EQ(again->not_after(), certificate.not_after());
}

TEST_F(CertificateTest, ReadsVersion1WithoutSan) {
  const auto keys = load_vectors("keys.json");
  const auto certificate = Certificate::parse_pem(text_of(keys.at("p256_certificate_v1")));
  ASSERT_TRUE(certificate) << certificate.error().text;
  EXPECT_EQ(certificate->subject(), "CN=registry.example");
  EXPECT_EQ(certificate->public_key(), PublicKey::parse_pem(text_of(keys.at("p256_public"))).value());
  EXPECT_EQ(certificate->fingerprint(), "ef0c5847bda41db1132ea263703d78fa853046136c8402f99384e2a2d3e2847b");
  EXPECT_EQ(render_rfc3339(certificate->not_before()), "2026-11-23T10:56:31Z");
}

TEST_F(CertificateTest, TakesTheFirstOfABundleAndSkipsKeys) {
  const auto first = Certificate::self_signed(own_key, "first", now);
  const auto second = Certificate::self_signed(own_key, "second", now);
  const auto parsed = Certificate::parse_pem("a comment\n" + own_key.to_pem() + first.to_pem() + second.to_pem());
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->subject(), "CN=first");
}

TEST_F(CertificateTest, RefusesWhatIsNoCertificate) {
  const std::string good = Certificate::self_signed(own_key, "localhost", now).to_pem();
  for (const std::string& bad :
       {std::string(), std::string("x"), good.substr(0, 200), own_key.to_pem(), std::string(2'000'000, '-'),
        std::string("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")}) {
    const auto certificate = Certificate::parse_pem(bad);
    ASSERT_FALSE(certificate);
    EXPECT_EQ(certificate.error().kind, RefusalKind::invalid);
  }
}

}  // namespace
}  // namespace spectacles::crypto
