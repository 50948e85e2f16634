#include "registries/client_http.h"

#include <gtest/gtest.h>

#include "crypto/certificate.h"
#include "support/scripted_server.h"

namespace spectacles::registries {
namespace {

using namespace std::chrono_literals;
using support::http_answer;
using support::ScriptedServer;

RegistryAddress address_of(const std::string& url) {
  return {.url = RegistryUrl::parse(url).value(), .ca = {}, .pin = {}};
}

HttpQuestion question(const std::string& path = "/v2/") {
  return {.head = false, .path = path, .accept = {}, .bearer = {}};
}

TEST(HttpClient, AsksAndReads) {
  ScriptedServer server(
      [](const auto&) { return support::ScriptedAnswer{http_answer(200, "X-Odd:  a b \r\n", "hello")}; });
  HttpClient client(address_of(server.url()), {});
  const auto answer = client.ask({.head = false, .path = "/v2/x?n=1", .accept = {"a/b"}, .bearer = Secret("t0ken")});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "hello");
  EXPECT_EQ(*answer->find("x-odd"), "a b");
  const auto request = server.requests().at(0);
  EXPECT_EQ(request.target, "/v2/x?n=1");
  EXPECT_NE(request.head.find("Authorization: Bearer t0ken\r\n"), std::string::npos);
  EXPECT_NE(request.head.find("Accept: a/b\r\n"), std::string::npos);
}

TEST(HttpClient, ForgetsTheTokenOfTheQuestionBefore) {
  ScriptedServer server([](const auto&) { return support::ScriptedAnswer{http_answer(200, "", "")}; });
  HttpClient client(address_of(server.url()), {});
  ASSERT_TRUE(client.ask({.head = true, .path = "/", .accept = {}, .bearer = Secret("t0ken")}));
  ASSERT_TRUE(client.ask(question()));
  EXPECT_EQ(server.requests().at(0).method, "HEAD");
  EXPECT_EQ(server.requests().at(1).method, "GET");
  EXPECT_EQ(server.requests().at(1).head.find("Authorization"), std::string::npos);
}

TEST(HttpClient, PutsAndDeletes) {
  ScriptedServer server([](const auto&) { return support::ScriptedAnswer{http_answer(201, "", "")}; });
  HttpClient client(address_of(server.url()), {});
  auto put = question("/v2/a/manifests/b");
  put.write = HttpWrite{.verb = HttpWrite::Verb::put, .content_type = "a/b", .body = std::string("{\0}", 3)};
  EXPECT_EQ(client.ask(put)->status, 201);
  auto del = question("/v2/a/manifests/b");
  del.write = HttpWrite{.verb = HttpWrite::Verb::del};
  EXPECT_EQ(client.ask(del)->status, 201);
  EXPECT_EQ(client.ask(question())->status, 201);
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[0].method, "PUT");
  EXPECT_NE(requests[0].head.find("Content-Type: a/b\r\n"), std::string::npos);
  EXPECT_NE(requests[0].head.find("Content-Length: 3\r\n"), std::string::npos);
  EXPECT_EQ(requests[0].head.find("Expect:"), std::string::npos);
  EXPECT_EQ(requests[1].method, "DELETE");
  EXPECT_EQ(requests[1].head.find("Content-Type:"), std::string::npos);
  EXPECT_EQ(requests[2].method, "GET") << "nothing of the question before";
}

TEST(HttpClient, SendsNothingThatIsTooLarge) {
  ScriptedServer server([](const auto&) { return support::ScriptedAnswer{http_answer(201, "", "")}; });
  HttpLimits limits;
  limits.body_bytes = 10;
  HttpClient client(address_of(server.url()), {}, limits);
  auto put = question();
  put.write = HttpWrite{.verb = HttpWrite::Verb::put, .content_type = "a/b", .body = std::string(11, 'x')};
  EXPECT_FALSE(client.ask(put));
  EXPECT_TRUE(server.requests().empty());
}

TEST(HttpClient, TakesNoMoreThanTheFirstByteWhereThatIsAskedFor) {
  ScriptedServer server([](const auto& request) {
    const std::string large(200'000, 'x');
    if (request.target == "/empty") return support::ScriptedAnswer{http_answer(200, "", "")};
    if (request.target == "/cut") return support::ScriptedAnswer{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"};
    return support::ScriptedAnswer{http_answer(200, "", large)};
  });
  HttpLimits limits;
  limits.body_bytes = 10;
  HttpClient client(address_of(server.url()), {}, limits);
  const auto ask = [&](const std::string& path) {
    auto first = question(path);
    first.first_byte = true;
    return client.ask(first);
  };
  EXPECT_EQ(ask("/large")->body, "x");
  EXPECT_NE(server.requests().at(0).head.find("Range: bytes=0-0\r\n"), std::string::npos);
  EXPECT_EQ(ask("/empty")->body, "");
  EXPECT_FALSE(ask("/cut")) << "a body that does not come";
  EXPECT_FALSE(client.ask(question("/large"))) << "nothing of the question before";
}

TEST(HttpClient, DoesNotFollowRedirects) {
  ScriptedServer server(
      [](const auto&) { return support::ScriptedAnswer{http_answer(307, "Location: /other\r\n", "")}; });
  HttpClient client(address_of(server.url()), {});
  EXPECT_EQ(client.ask(question())->status, 307);
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(HttpClient, EndsWhatIsTooLarge) {
  ScriptedServer server([](const auto& request) {
    const std::string large(200'000, 'x');
    return support::ScriptedAnswer{request.target == "/body" ? http_answer(200, "", large)
                                                             : http_answer(200, "X: " + large + "\r\n", "")};
  });
  HttpLimits limits;
  limits.body_bytes = 100'000;
  HttpClient client(address_of(server.url()), {}, limits);
  EXPECT_FALSE(client.ask(question("/body")));
  EXPECT_FALSE(client.ask(question("/head")));
}

TEST(HttpClient, EndsWhatDripsByteByByte) {
  ScriptedServer server([](const auto&) { return support::ScriptedAnswer{http_answer(200, "", "slow"), 100ms}; });
  HttpLimits limits;
  limits.slow = 1s;
  HttpClient client(address_of(server.url()), {}, limits);
  const auto begin = std::chrono::steady_clock::now();
  const auto answer = client.ask(question());
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().stage, HttpStage::http);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
}

TEST(HttpClient, StopsWhenAsked) {
  ScriptedServer server([](const auto&) { return support::ScriptedAnswer{"x", 60s}; });
  std::stop_source stop;
  HttpClient client(address_of(server.url()), {}, {}, stop.get_token());
  std::jthread stopper([&] {
    std::this_thread::sleep_for(100ms);
    stop.request_stop();
  });
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_FALSE(client.ask(question()));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 3s);
}

TEST(HttpClient, NamesTheStageThatFailed) {
  const auto stage_of = [](const std::string& url) {
    HttpLimits limits;
    limits.connect = std::chrono::milliseconds(500);
    HttpClient client(address_of(url), {}, limits);
    return client.ask(question()).error().stage;
  };
  EXPECT_EQ(stage_of("http://no-such-name.invalid"), HttpStage::dns);
  EXPECT_EQ(stage_of("http://127.0.0.1:1"), HttpStage::tcp);
  EXPECT_EQ(stage_of("http://169.254.169.254"), HttpStage::address);
  EXPECT_EQ(stage_of("http://[fe80::1]"), HttpStage::address);
  EXPECT_EQ(stage_of("http://[::ffff:169.254.169.254]"), HttpStage::address);
  EXPECT_EQ(stage_of("http://[::ffff:a9fe:a9fe]"), HttpStage::address);
  EXPECT_EQ(stage_of("http://0.0.0.0:80"), HttpStage::address);
  EXPECT_EQ(stage_of("http://0x7f.1"), HttpStage::tcp) << "a way to write 127.0.0.1, and nothing listens there";
  EXPECT_EQ(stage_of("http://0"), HttpStage::address) << "the resolver takes it for 0.0.0.0";
  EXPECT_EQ(stage_of("http://2852039166"), HttpStage::address) << "169.254.169.254 as one number";
  ScriptedServer server([](const auto&) { return support::ScriptedAnswer{"nonsense\r\n\r\n"}; });
  EXPECT_EQ(stage_of(server.url()), HttpStage::http);
  EXPECT_EQ(stage_of("https://" + server.host()), HttpStage::tls);
}

class Tls : public testing::Test {
 protected:
  Tls()
      : key_(crypto::PrivateKey::generate_p256()),
        certificate_(crypto::Certificate::self_signed(key_, "registry.example.org", SystemClock().now())),
        server_([](const auto&) { return support::ScriptedAnswer{http_answer(401, "", "")}; },
                support::TlsIdentity{key_.to_pem(), certificate_.to_pem()}) {}

  // Whether the server is believed.
  bool is_trusted(const RegistryAddress& address, std::optional<crypto::PublicKey> own_key = {}) {
    HttpClient client(address, std::move(own_key));
    const auto answer = client.ask(question());
    EXPECT_TRUE(client.certificate());
    EXPECT_EQ(client.certificate()->fingerprint, certificate_.fingerprint());
    EXPECT_EQ(client.certificate()->not_after, certificate_.not_after());
    EXPECT_EQ(client.certificate()->trusted, answer.has_value());
    if (!answer) {
      EXPECT_EQ(answer.error().stage, HttpStage::tls);
    }
    return answer.has_value();
  }

  RegistryAddress address() { return address_of(server_.url()); }

  crypto::PrivateKey key_;
  crypto::Certificate certificate_;
  ScriptedServer server_;
};

TEST_F(Tls, NobodyVouches) {
  EXPECT_FALSE(is_trusted(address()));
  EXPECT_TRUE(server_.requests().empty()) << "nothing is sent to a server that is not trusted";
}

TEST_F(Tls, Pin) {
  auto pinned = address();
  pinned.pin = Pin::parse(certificate_.fingerprint()).value();
  EXPECT_TRUE(is_trusted(pinned));
  pinned.pin = Pin::parse(std::string(64, '0')).value();
  EXPECT_FALSE(is_trusted(pinned));
  pinned.ca = certificate_.to_pem();
  EXPECT_FALSE(is_trusted(pinned)) << "a pin is instead of any authority";
  EXPECT_FALSE(is_trusted(pinned, key_.public_key())) << "and instead of our own key";
}

TEST_F(Tls, OwnSigningKey) {
  EXPECT_TRUE(is_trusted(address(), key_.public_key()));
  EXPECT_FALSE(is_trusted(address(), crypto::PrivateKey::generate_p256().public_key()));
}

TEST_F(Tls, Authority) {
  auto with_ca = address();
  with_ca.ca = certificate_.to_pem();
  EXPECT_TRUE(is_trusted(with_ca));
  const auto other_key = crypto::PrivateKey::generate_p256();
  with_ca.ca = crypto::Certificate::self_signed(other_key, "registry.example.org", SystemClock().now()).to_pem();
  EXPECT_FALSE(is_trusted(with_ca));
}

TEST_F(Tls, AuthorityVouchesForTheNameOnly) {
  auto elsewhere = address_of("https://ip6-localhost" + server_.host().substr(server_.host().find(':')));
  elsewhere.url = RegistryUrl::parse("https://127.1" + server_.host().substr(server_.host().find(':'))).value();
  elsewhere.ca = certificate_.to_pem();
  EXPECT_FALSE(is_trusted(elsewhere)) << "127.1 is no name of the certificate, although it leads there";
}

TEST_F(Tls, Expired) {
  const auto long_ago = SystemClock().now() - std::chrono::years(20);
  const auto old = crypto::Certificate::self_signed(key_, "registry.example.org", long_ago);
  ScriptedServer server([](const auto&) { return support::ScriptedAnswer{http_answer(401, "", "")}; },
                        support::TlsIdentity{key_.to_pem(), old.to_pem()});
  auto expired = address_of(server.url());
  expired.ca = old.to_pem();
  HttpClient client(expired, {});
  EXPECT_FALSE(client.ask(question()));
}

}  // namespace
}  // namespace spectacles::registries
