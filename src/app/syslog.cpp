#include "app/syslog.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <memory>

#include "base/curl.h"

namespace spectacles::app {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;
using Transport = SyslogServer::Transport;

constexpr int facility_daemon = 3;
constexpr auto pause_after_failure = 5s;
constexpr auto send_limit = 3000ms;

std::string own_host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 && name[0] ? name.data() : "-";
}

// What carries messages to the server; send() says whether the message was taken.
class Way {
 public:
  virtual ~Way() = default;
  virtual bool send(std::string_view message) = 0;
};

class Datagrams : public Way {
 public:
  explicit Datagrams(const SyslogServer& server) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_DGRAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(server.host.c_str(), std::to_string(server.port).c_str(), &hints, &found) != 0) return;
    socket_ = ::socket(found->ai_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket_ >= 0 && ::connect(socket_, found->ai_addr, found->ai_addrlen) != 0) close();
    ::freeaddrinfo(found);
  }
  ~Datagrams() override { close(); }
  Datagrams(const Datagrams&) = delete;
  Datagrams& operator=(const Datagrams&) = delete;

  // Nobody hears of a datagram that is lost, so what the system refuses is no reason to begin anew.
  bool send(std::string_view message) override {
    if (socket_ < 0) return false;
    (void)::send(socket_, message.data(), message.size(), MSG_NOSIGNAL);
    return true;
  }

 private:
  void close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }
  int socket_ = -1;
};

// libcurl connects, and for TLS verifies, within its limits; the bytes are ours.
class Connection : public Way {
 public:
  explicit Connection(const SyslogServer& server) : handle_(curl::make(send_limit, send_limit)) {
    const bool is_v6 = server.host.find(':') != std::string::npos;
    const auto url = fmt::format("{}://{}{}{}:{}", server.transport == Transport::tls ? "https" : "http",
                                 is_v6 ? "[" : "", server.host, is_v6 ? "]" : "", server.port);
    auto* const handle = handle_.get();
    curl::set(handle, CURLOPT_URL, url.c_str());
    curl::set(handle, CURLOPT_PROXY, "");
    curl::set(handle, CURLOPT_CONNECT_ONLY, 1L);
    curl::set(handle, CURLOPT_SSL_ENABLE_ALPN, 0L);
    if (server.ca) curl::set(handle, CURLOPT_CAINFO, server.ca->c_str());
    is_open_ = curl_easy_perform(handle) == CURLE_OK;
  }

  bool send(std::string_view message) override {
    const auto framed = fmt::format("{} {}", message.size(), message);
    std::string_view rest = framed;
    const auto end = SteadyClock::now() + send_limit;
    while (is_open_ && !rest.empty()) {
      std::size_t sent = 0;
      const auto code = curl_easy_send(handle_.get(), rest.data(), rest.size(), &sent);
      rest.remove_prefix(sent);
      if (code == CURLE_AGAIN) {
        is_open_ = SteadyClock::now() < end && wait();
      } else if (code != CURLE_OK) {
        is_open_ = false;
      }
    }
    return is_open_;
  }

 private:
  // For some room in the socket.
  bool wait() {
    curl_socket_t socket = CURL_SOCKET_BAD;
    if (curl_easy_getinfo(handle_.get(), CURLINFO_ACTIVESOCKET, &socket) != CURLE_OK) return false;
    pollfd waited{.fd = socket, .events = POLLOUT, .revents = 0};
    constexpr int milliseconds = 200;
    return ::poll(&waited, 1, milliseconds) >= 0;
  }

  curl::Handle handle_;
  bool is_open_ = false;
};

class Sender {
 public:
  explicit Sender(SyslogServer server) : server_(std::move(server)), host_(own_host_name()) {}

  void send(const log::Line& line) {
    const auto message = render_syslog(line, host_, ::getpid());
    if (way_ && way_->send(message)) return;
    // Once more on a new connection, for the server may have ended the old one; then not for a while.
    way_.reset();
    if (SteadyClock::now() < not_before_) return;
    way_ = open();
    if (way_->send(message)) return;
    way_.reset();
    not_before_ = SteadyClock::now() + pause_after_failure;
  }

 private:
  std::unique_ptr<Way> open() const {
    if (server_.transport == Transport::udp) return std::make_unique<Datagrams>(server_);
    return std::make_unique<Connection>(server_);
  }

  const SyslogServer server_;
  const std::string host_;
  std::unique_ptr<Way> way_;
  SteadyClock::time_point not_before_{};
};

}  // namespace

std::string render_syslog(const log::Line& line, std::string_view host, int process) {
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(line.time);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(milliseconds);
  return fmt::format("<{}>1 {:%Y-%m-%dT%H:%M:%S}.{:03}Z {} spectacles {} - - {}", facility_daemon * 8 + line.severity,
                     fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)), (milliseconds - seconds).count(), host,
                     process, line.text);
}

log::Outlet syslog_outlet(const SyslogServer& server) {
  return [sender = std::make_shared<Sender>(server)](const log::Line& line) { sender->send(line); };
}

}  // namespace spectacles::app
