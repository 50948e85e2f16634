#include "http/forwarded.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace spectacles::http {
namespace {

using testing::HasSubstr;
using Headers = std::vector<std::pair<std::string, std::string>>;

const std::vector<std::string> trusted{"10.0.0.0/8", "fd00::/8", "192.0.2.1"};

Request applied(std::string peer, Headers headers) {
  Request request;
  request.remote_address = std::move(peer);
  request.host = "here";
  request.headers = std::move(headers);
  TrustedProxies(trusted).apply(request);
  return request;
}

bool contains(std::string_view network, std::string_view address) {
  return parse_network(network).value().contains(parse_address(address).value());
}

TEST(Network, ContainsItsAddresses) {
  EXPECT_TRUE(contains("10.0.0.0/8", "10.255.0.1"));
  EXPECT_FALSE(contains("10.0.0.0/8", "11.0.0.1"));
  EXPECT_TRUE(contains("192.0.2.128/25", "192.0.2.255"));
  EXPECT_FALSE(contains("192.0.2.128/25", "192.0.2.127"));
  EXPECT_TRUE(contains("192.0.2.1", "192.0.2.1"));
  EXPECT_FALSE(contains("192.0.2.1", "192.0.2.2"));
  EXPECT_TRUE(contains("0.0.0.0/0", "8.8.8.8"));
  EXPECT_FALSE(contains("0.0.0.0/0", "fd00::1"));
  EXPECT_TRUE(contains("fd00::/8", "fdff::1"));
  EXPECT_FALSE(contains("fd00::/8", "fe80::1"));
  EXPECT_TRUE(contains("127.0.0.0/8", "::ffff:127.0.0.1")) << "IPv4 on an IPv6 socket";
}

TEST(Network, RefusesWhatIsNone) {
  for (const auto* text : {"", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0/8", "::/129",
                           "proxy.example", "[::1]", "10.0.0.0/8/8", " 10.0.0.0/8", "010.0.0.1"}) {
    const auto network = parse_network(text);
    ASSERT_FALSE(network) << text;
    EXPECT_THAT(network.error().text, HasSubstr("\"" + std::string(text) + "\"")) << text;
  }
}

TEST(TrustedProxies, NameWhatIsWrong) {
  try {
    TrustedProxies({"10.0.0.0/8", "10.0.0.0/99"});
    FAIL();
  } catch (const std::invalid_argument& fault) {
    EXPECT_THAT(fault.what(), HasSubstr("10.0.0.0/99"));
  }
}

TEST(TrustedProxies, AreTheOnlyOnesBelieved) {
  const auto request =
      applied("203.0.113.9",
              {{"x-forwarded-for", "1.2.3.4"}, {"x-forwarded-proto", "https"}, {"x-forwarded-host", "evil.example"}});
  EXPECT_EQ(request.remote_address, "203.0.113.9");
  EXPECT_FALSE(request.secure);
  EXPECT_EQ(request.host, "here");
}

TEST(TrustedProxies, TellOfTheClient) {
  const auto request = applied(
      "10.0.0.1",
      {{"x-forwarded-for", "1.2.3.4"}, {"x-forwarded-proto", "https"}, {"x-forwarded-host", "console.example:8443"}});
  EXPECT_EQ(request.remote_address, "1.2.3.4");
  EXPECT_TRUE(request.secure);
  EXPECT_EQ(request.host, "console.example:8443");
  EXPECT_EQ(request.origin(), "https://console.example:8443");
}

TEST(TrustedProxies, AreReadFromTheEnd) {
  EXPECT_EQ(applied("10.0.0.1", {{"x-forwarded-for", "6.6.6.6, 1.2.3.4, 10.0.0.2"}}).remote_address, "1.2.3.4")
      << "what the client wrote itself stands before what proxies appended";
  EXPECT_EQ(
      applied("10.0.0.1", {{"x-forwarded-for", "6.6.6.6"}, {"x-forwarded-for", "1.2.3.4,10.9.9.9"}}).remote_address,
      "1.2.3.4");
  EXPECT_EQ(applied("10.0.0.1", {{"x-forwarded-for", "10.0.0.3, 10.0.0.2"}}).remote_address, "10.0.0.3")
      << "a client inside the trusted network";
}

TEST(TrustedProxies, MayWritePortsAndIpv6) {
  EXPECT_EQ(applied("10.0.0.1", {{"x-forwarded-for", "1.2.3.4:4711"}}).remote_address, "1.2.3.4");
  EXPECT_EQ(applied("fd00::1", {{"x-forwarded-for", "[2001:db8::1]:4711"}}).remote_address, "2001:db8::1");
  EXPECT_EQ(applied("fd00::1", {{"x-forwarded-for", "2001:DB8:0:0::1"}}).remote_address, "2001:db8::1");
}

TEST(TrustedProxies, AreNotBelievedNonsense) {
  EXPECT_EQ(applied("10.0.0.1", {{"x-forwarded-for", "1.2.3.4, unknown"}}).remote_address, "10.0.0.1");
  EXPECT_EQ(applied("10.0.0.1", {{"x-forwarded-for", ""}}).remote_address, "10.0.0.1");
  EXPECT_EQ(applied("10.0.0.1", {{"x-forwarded-for", "["}}).remote_address, "10.0.0.1");
  EXPECT_FALSE(applied("10.0.0.1", {{"x-forwarded-proto", "gopher"}}).secure);
  for (const auto* host : {"", "a/b", "a b", "a:", "a:x", "user@a", "a:1:2", "[::1", "a\"b"}) {
    EXPECT_EQ(applied("10.0.0.1", {{"x-forwarded-host", host}}).host, "here") << host;
  }
}

}  // namespace
}  // namespace spectacles::http
