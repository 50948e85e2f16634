#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>

#include "http/raw_client.h"
#include "http/server.h"

namespace spectacles::http {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

template <auto free>
struct Freer {
  template <class T>
  void operator()(T* thing) const {
    free(thing);
  }
};
template <class T, auto free>
using Owned = std::unique_ptr<T, Freer<free>>;
using Key = Owned<EVP_PKEY, EVP_PKEY_free>;

constexpr std::string_view get = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";

// A folder with a key and its self-signed certificate, and a second pair.
class Tls : public testing::Test {
 protected:
  Tls() {
    std::string name = std::filesystem::temp_directory_path() / "spectacles-tls-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    write_pair("one");
    write_pair("two");
  }
  ~Tls() override { std::filesystem::remove_all(folder_); }

  ServerOptions options(const std::string& key = "one.key", const std::string& certificate = "one.crt") const {
    ServerOptions options;
    options.address = "127.0.0.1";
    options.port = 0;
    options.tls = TlsFiles{folder_ / key, folder_ / certificate};
    return options;
  }

  std::string reason_of(const ServerOptions& options) const {
    try {
      Server server(options, [](Request&) { return no_content(); });
    } catch (const std::exception& fault) {
      return fault.what();
    }
    return "(it started)";
  }

  std::filesystem::path folder_;

 private:
  void write_pair(const std::string& name) {
    const Key key(EVP_EC_gen("P-256"));
    const Owned<X509, X509_free> certificate(X509_new());
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key.get());
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    const Owned<std::FILE, std::fclose> key_file(std::fopen((folder_ / (name + ".key")).c_str(), "w"));
    PEM_write_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    const Owned<std::FILE, std::fclose> certificate_file(std::fopen((folder_ / (name + ".crt")).c_str(), "w"));
    PEM_write_X509(certificate_file.get(), certificate.get());
  }
};

// TLS over a raw client.
class TlsClient {
 public:
  explicit TlsClient(std::uint16_t port) : raw_(port), context_(SSL_CTX_new(TLS_client_method())) {}

  SSL_CTX* context() { return context_.get(); }
  bool connect() {
    ssl_.reset(SSL_new(context_.get()));
    SSL_set_fd(ssl_.get(), raw_.descriptor());
    return SSL_connect(ssl_.get()) == 1;
  }
  std::string ask(std::string_view bytes) {
    SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
    char answer[4096];
    const int count = SSL_read(ssl_.get(), answer, sizeof answer);
    return count > 0 ? std::string(answer, static_cast<std::size_t>(count)) : "";
  }
  std::string protocol() {
    const unsigned char* name = nullptr;
    unsigned int length = 0;
    SSL_get0_alpn_selected(ssl_.get(), &name, &length);
    return std::string(reinterpret_cast<const char*>(name), length);
  }

 private:
  RawClient raw_;
  Owned<SSL_CTX, SSL_CTX_free> context_;
  Owned<SSL, SSL_free> ssl_;
};

TEST_F(Tls, IsSpoken) {
  Server server(options(), [](Request& request) { return text(request.origin()); });
  TlsClient client(server.port());
  ASSERT_TRUE(client.connect());
  for (int i = 0; i < 2; ++i) {
    const auto answer = client.ask(get);
    EXPECT_EQ(status_of_answer(answer), 200);
    EXPECT_EQ(body_of_answer(answer), "https://h");
  }
}

TEST_F(Tls, CarriesLargeBodies) {
  const std::string large(300'000, 'x');
  Server server(options(), [&](Request&) { return text(large); });
  TlsClient client(server.port());
  ASSERT_TRUE(client.connect());
  std::string received = client.ask(get);
  while (received.size() < large.size()) {
    const auto more = client.ask("");
    ASSERT_NE(more, "");
    received += more;
  }
  EXPECT_EQ(body_of_answer(received), large);
}

TEST_F(Tls, IsAtLeast12) {
  Server server(options(), [](Request&) { return no_content(); });
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
    TlsClient old(server.port());
    SSL_CTX_set_security_level(old.context(), 0);
    SSL_CTX_set_min_proto_version(old.context(), version);
    SSL_CTX_set_max_proto_version(old.context(), version);
    EXPECT_FALSE(old.connect());
  }
  TlsClient client(server.port());
  SSL_CTX_set_max_proto_version(client.context(), TLS1_2_VERSION);
  EXPECT_TRUE(client.connect());
}

TEST_F(Tls, AgreesOnHttp11) {
  Server server(options(), [](Request&) { return no_content(); });
  constexpr unsigned char both[] = "\x02h2\x08http/1.1";
  TlsClient client(server.port());
  SSL_CTX_set_alpn_protos(client.context(), both, sizeof both - 1);
  ASSERT_TRUE(client.connect());
  EXPECT_EQ(client.protocol(), "http/1.1");
  TlsClient only_h2(server.port());
  SSL_CTX_set_alpn_protos(only_h2.context(), both, 3);
  EXPECT_FALSE(only_h2.connect());
}

TEST_F(Tls, TellsPlainClientsSo) {
  Server server(options(), [](Request&) { return no_content(); });
  RawClient client(server.port());
  const auto answer = client.send(get).answer();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(answer, HasSubstr("use https://h/"));
  EXPECT_TRUE(client.ends());
}

TEST_F(Tls, DoesNotWaitForeverForAHandshake) {
  auto impatient = options();
  impatient.read_timeout = 1s;
  Server server(impatient, [](Request&) { return no_content(); });
  RawClient silent(server.port());
  RawClient halfway(server.port());
  halfway.send("\x16\x03\x01");
  EXPECT_TRUE(silent.ends());
  EXPECT_TRUE(halfway.ends());
}

TEST_F(Tls, SaysWhichFileIsWrong) {
  EXPECT_THAT(reason_of(options("none.key")), HasSubstr("none.key"));
  EXPECT_THAT(reason_of(options("one.key", "none.crt")), HasSubstr("none.crt"));
  std::ofstream(folder_ / "garbage") << "garbage";
  EXPECT_THAT(reason_of(options("garbage")), HasSubstr("cannot read the TLS key"));
  EXPECT_THAT(reason_of(options("one.key", "garbage")), HasSubstr("cannot read the TLS certificate"));
  EXPECT_THAT(reason_of(options("two.key")), HasSubstr("does not belong to the certificate"));
}

}  // namespace
}  // namespace spectacles::http
