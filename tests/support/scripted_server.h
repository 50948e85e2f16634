// A server on a free port of loopback that answers each request with exactly the bytes that a test scripts, however
// wrong they are. One request a connection.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/synced.h"

namespace spectacles::support {

struct ScriptedRequest {
  std::string method;
  std::string target;
  std::string head;  // all of it, as it came
};

struct ScriptedAnswer {
  std::string bytes;
  std::chrono::milliseconds before_each_byte{0};
};

struct TlsIdentity {
  std::string key_pem;
  std::string certificate_pem;
};

inline std::string http_answer(int status, const std::string& headers, const std::string& body) {
  return "HTTP/1.1 " + std::to_string(status) + " Scripted\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\nConnection: close\r\n" + headers + "\r\n" + body;
}

class ScriptedServer {
 public:
  using Script = std::function<ScriptedAnswer(const ScriptedRequest&)>;

  explicit ScriptedServer(Script script, const std::optional<TlsIdentity>& identity = {})
      : script_(std::move(script)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    std::signal(SIGPIPE, SIG_IGN);
    if (identity) use(*identity);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, plain, length) != 0 || ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, plain, &length) != 0) {
      throw std::runtime_error("no free port");
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }

  ~ScriptedServer() {
    stopping_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    ::close(listener_);
    for (const int fd : *sockets_.lock()) ::shutdown(fd, SHUT_RDWR);
    for (auto& connection : connections_) connection.join();
    for (const int fd : *sockets_.lock()) ::close(fd);
  }

  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }
  std::string url() const { return (context_ ? "https://" : "http://") + host(); }

  std::vector<ScriptedRequest> requests() { return *requests_.lock(); }

 private:
  void use(const TlsIdentity& identity) {
    context_.reset(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
    const std::shared_ptr<BIO> key_bio(BIO_new_mem_buf(identity.key_pem.data(), -1), BIO_free);
    const std::shared_ptr<BIO> certificate_bio(BIO_new_mem_buf(identity.certificate_pem.data(), -1), BIO_free);
    const std::shared_ptr<EVP_PKEY> key(PEM_read_bio_PrivateKey(key_bio.get(), nullptr, nullptr, nullptr),
                                        EVP_PKEY_free);
    const std::shared_ptr<X509> certificate(PEM_read_bio_X509(certificate_bio.get(), nullptr, nullptr, nullptr),
                                            X509_free);
    if (SSL_CTX_use_certificate(context_.get(), certificate.get()) != 1 ||
        SSL_CTX_use_PrivateKey(context_.get(), key.get()) != 1) {
      throw std::runtime_error("unusable identity");
    }
  }

  void accept_all() {
    while (!stopping_) {
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) return;
      sockets_.lock()->push_back(fd);
      connections_.emplace_back([this, fd] {
        serve(fd);
        ::shutdown(fd, SHUT_RDWR);
      });
    }
  }

  void serve(int fd) {
    std::shared_ptr<SSL> tls;
    if (context_) {
      tls.reset(SSL_new(context_.get()), SSL_free);
      SSL_set_fd(tls.get(), fd);
      if (SSL_accept(tls.get()) != 1) return;
    }
    ScriptedRequest request;
    std::string buffer(4096, '\0');
    while (request.head.find("\r\n\r\n") == std::string::npos) {
      const auto count = tls ? SSL_read(tls.get(), buffer.data(), static_cast<int>(buffer.size()))
                             : ::recv(fd, buffer.data(), buffer.size(), 0);
      if (count <= 0) return;
      request.head.append(buffer.data(), static_cast<std::size_t>(count));
    }
    const auto space = request.head.find(' ');
    request.method = request.head.substr(0, space);
    request.target = request.head.substr(space + 1, request.head.find(' ', space + 1) - space - 1);
    requests_.lock()->push_back(request);
    const auto answer = script_(request);
    const bool at_once = answer.before_each_byte.count() == 0;
    const std::size_t step = at_once ? answer.bytes.size() : 1;
    for (std::size_t sent = 0; sent < answer.bytes.size() && !stopping_;) {
      if (!at_once) pause(answer.before_each_byte);
      const auto count = tls ? SSL_write(tls.get(), answer.bytes.data() + sent, static_cast<int>(step))
                             : ::send(fd, answer.bytes.data() + sent, std::min(step, answer.bytes.size() - sent), 0);
      if (count <= 0) return;
      sent += static_cast<std::size_t>(count);
    }
    if (tls) SSL_shutdown(tls.get());
  }

  void pause(std::chrono::milliseconds time) const {
    const auto end = std::chrono::steady_clock::now() + time;
    while (!stopping_ && std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(std::min(time, std::chrono::milliseconds(5)));
    }
  }

  Script script_;
  int listener_;
  int port_ = 0;
  std::shared_ptr<SSL_CTX> context_;
  std::atomic<bool> stopping_ = false;
  Synced<std::vector<int>> sockets_;
  Synced<std::vector<ScriptedRequest>> requests_;
  std::list<std::thread> connections_;
  std::thread acceptor_;
};

}  // namespace spectacles::support
