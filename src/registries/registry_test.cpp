#include "registries/registry.h"

#include <gtest/gtest.h>

namespace spectacles::registries {
namespace {

TEST(RegistryUrl, Canonical) {
  EXPECT_EQ(RegistryUrl::parse("http://localhost:5000")->str(), "http://localhost:5000");
  EXPECT_EQ(RegistryUrl::parse("HTTPS://Registry.Example.ORG/")->str(), "https://registry.example.org");
  EXPECT_EQ(RegistryUrl::parse("https://[::1]:5000")->host().str(), "[::1]:5000");
  EXPECT_TRUE(RegistryUrl::parse("https://a")->is_https());
  EXPECT_FALSE(RegistryUrl::parse("http://a")->is_https());
}

TEST(RegistryUrl, Refused) {
  for (const auto* bad : {"", "localhost:5000", "ftp://a", "http://", "http:///", "http://a//", "http://a/v2",
                          "http://a?b", "http://a#b", "http://user@a", "http://u:p@a", "http://a:0", "http://a:65536",
                          "http://a b", "http://a\n", "file:///etc/passwd", "https://a:443:1"}) {
    EXPECT_FALSE(RegistryUrl::parse(bad)) << bad;
  }
}

TEST(Pin, Canonical) {
  const std::string digits(64, 'a');
  EXPECT_EQ(Pin::parse(std::string(64, 'A'))->str(), digits);
  std::string with_colons = "AA";
  for (int i = 1; i < 32; ++i) with_colons += ":aa";
  EXPECT_EQ(Pin::parse(with_colons)->str(), digits);
  EXPECT_FALSE(Pin::parse(""));
  EXPECT_FALSE(Pin::parse(std::string(63, 'a')));
  EXPECT_FALSE(Pin::parse(std::string(64, 'g')));
}

TEST(KeyMode, RoundTrip) {
  for (const auto mode : {KeyMode::x5c, KeyMode::jwks}) EXPECT_EQ(parse_key_mode(render_key_mode(mode)), mode);
  EXPECT_FALSE(parse_key_mode("X5C"));
}

TEST(Ca, NeedsACertificate) {
  EXPECT_FALSE(parse_ca(""));
  EXPECT_FALSE(parse_ca("-----BEGIN CERTIFICATE-----\nnope\n-----END CERTIFICATE-----\n"));
}

}  // namespace
}  // namespace spectacles::registries
