#include "app/syslog.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace spectacles::app {
namespace {

using namespace std::chrono_literals;

const log::Line line{std::chrono::system_clock::time_point{} + 1772366400s + 5ms, 4, "disk full path=/x"};
constexpr std::string_view host = "box";

TEST(RenderSyslog, FollowsRfc5424) {
  EXPECT_EQ(render_syslog(line, host, 42), "<28>1 2026-03-01T12:00:00.005Z box spectacles 42 - - disk full path=/x");
}

// A socket on loopback that syslog messages come to.
class Receiver {
 public:
  explicit Receiver(int type) : socket_(::socket(AF_INET, type, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    if (type == SOCK_STREAM) ::listen(socket_, 1);
    socklen_t length = sizeof address;
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
  }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  ~Receiver() { ::close(socket_); }

  std::uint16_t port() const { return port_; }

  std::string receive() const { return receive_from(socket_); }
  std::string receive_over_connection() const {
    const int connection = ::accept(socket_, nullptr, nullptr);
    auto text = receive_from(connection);
    ::close(connection);
    return text;
  }

 private:
  static std::string receive_from(int socket) {
    std::array<char, 1024> buffer{};
    const auto count = ::recv(socket, buffer.data(), buffer.size(), 0);
    return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
  }

  int socket_;
  std::uint16_t port_ = 0;
};

TEST(SyslogOutlet, SendsDatagrams) {
  const Receiver receiver(SOCK_DGRAM);
  syslog_outlet({.host = "127.0.0.1", .port = receiver.port()})(line);
  EXPECT_THAT(receiver.receive(), ::testing::MatchesRegex("<28>1 .* spectacles [0-9]+ - - disk full path=/x"));
}

TEST(SyslogOutlet, CountsOctetsOverTcp) {
  const Receiver receiver(SOCK_STREAM);
  const auto outlet =
      syslog_outlet({.host = "127.0.0.1", .port = receiver.port(), .transport = SyslogServer::Transport::tcp});
  outlet(line);
  const auto received = receiver.receive_over_connection();
  const auto space = received.find(' ');
  ASSERT_NE(space, std::string::npos);
  EXPECT_EQ(std::to_string(received.size() - space - 1), received.substr(0, space));
}

TEST(SyslogOutlet, SurvivesAServerThatIsNotThere) {
  std::uint16_t port = 0;
  { port = Receiver(SOCK_STREAM).port(); }
  const auto outlet = syslog_outlet({.host = "127.0.0.1", .port = port, .transport = SyslogServer::Transport::tcp});
  EXPECT_NO_THROW(outlet(line));
  EXPECT_NO_THROW(outlet(line));
  const auto nowhere = syslog_outlet({.host = "no.such.host.invalid", .port = port});
  EXPECT_NO_THROW(nowhere(line));
}

}  // namespace
}  // namespace spectacles::app
