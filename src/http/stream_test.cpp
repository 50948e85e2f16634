#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "http/raw_client.h"
#include "http/server.h"

namespace spectacles::http {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view get = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";

ServerOptions loopback() {
  ServerOptions options;
  options.address = "127.0.0.1";
  options.port = 0;
  options.workers = 2;
  return options;
}

// "1\n", "2\n", ... and nothing in between now and then.
Response count_to(int last) {
  return streamed(
      [next = 0, last]() mutable -> std::optional<std::string> {
        if (next == last) return std::nullopt;
        return ++next % 7 == 0 ? "" : std::to_string(next) + "\n";
      },
      "text/plain");
}

// Everything until the connection ends, for at most ten seconds; whether it ended by a reset.
std::pair<std::string, bool> read_all(const RawClient& client) {
  const timeval limit{.tv_sec = 10, .tv_usec = 0};
  ::setsockopt(client.descriptor(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  std::string all;
  char buffer[65536];
  for (;;) {
    const auto count = ::recv(client.descriptor(), buffer, sizeof buffer, 0);
    if (count <= 0) return {all, count < 0 && errno == ECONNRESET};
    all.append(buffer, static_cast<std::size_t>(count));
  }
}

TEST(Stream, IsSentInChunksAndTheConnectionStays) {
  Server server(loopback(), [](Request& request) { return request.path == "/x" ? count_to(3) : text("after"); });
  RawClient client(server.port());
  client.send(get).send("GET /after HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  const auto [all, reset] = read_all(client);
  EXPECT_THAT(all, AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("\r\nTransfer-Encoding: chunked\r\n"),
                         HasSubstr("\r\n\r\n2\r\n1\n\r\n2\r\n2\n\r\n2\r\n3\n\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n"),
                         EndsWith("\r\n\r\nafter")));
  EXPECT_FALSE(reset);
}

TEST(Stream, LeavesOutEmptyParts) {
  Server server(loopback(), [](Request&) { return count_to(8); });
  RawClient client(server.port());
  client.send("GET /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(read_all(client).first, EndsWith("2\r\n6\n\r\n2\r\n8\n\r\n0\r\n\r\n"));
}

TEST(Stream, EndsWithTheConnectionForHttp10) {
  Server server(loopback(), [](Request&) { return count_to(3); });
  RawClient client(server.port());
  client.send("GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const auto [all, reset] = read_all(client);
  EXPECT_THAT(all, AllOf(HasSubstr("\r\nConnection: close\r\n"), Not(HasSubstr("Transfer-Encoding")),
                         Not(HasSubstr("Content-Length")), EndsWith("\r\n\r\n1\n2\n3\n")));
  EXPECT_FALSE(reset);
}

TEST(Stream, IsNotMadeForHead) {
  std::atomic<int> parts = 0;
  Server server(loopback(), [&](Request&) {
    return streamed(
        [&]() -> std::optional<std::string> {
          ++parts;
          return std::nullopt;
        },
        "text/plain");
  });
  RawClient client(server.port());
  client.send("HEAD /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(read_all(client).first, AllOf(HasSubstr("\r\nTransfer-Encoding: chunked\r\n"), EndsWith("\r\n\r\n")));
  EXPECT_EQ(parts, 0);
}

TEST(Stream, AFaultInTheMiddleCutsTheAnswerOff) {
  Server server(loopback(), [](Request&) {
    return streamed(
        [part = 0]() mutable -> std::optional<std::string> {
          if (++part == 3) throw std::runtime_error("the database is gone");
          return "part\n";
        },
        "text/plain");
  });
  for (const auto* version : {"1.1", "1.0"}) {
    RawClient client(server.port());
    client.send(std::string("GET /x HTTP/") + version + "\r\nHost: h\r\n\r\n");
    const auto [all, reset] = read_all(client);
    EXPECT_THAT(all, Not(HasSubstr("0\r\n\r\n"))) << version;
    EXPECT_TRUE(reset) << version;
  }
  RawClient next(server.port());
  next.send("HEAD /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(read_all(next).first, StartsWith("HTTP/1.1 200"));
}

// As much as clients ask for; counts what was made.
struct Endless {
  std::atomic<std::size_t> made = 0;
  std::atomic<int> gone = 0;

  Response answer() {
    // Counts when the server lets go of the answer.
    const auto alive = std::shared_ptr<void>(nullptr, [this](void*) { ++gone; });
    return streamed(
        [this, alive]() -> std::optional<std::string> {
          ++made;
          return std::string(50'000, 'x');
        },
        "text/plain");
  }
  void wait_until_gone() const {
    while (gone == 0) std::this_thread::sleep_for(1ms);
  }
  // Until `least` parts are made and no more come: the network takes no more.
  void wait_until_still(std::size_t least) const {
    while (made < least) std::this_thread::sleep_for(1ms);
    for (std::size_t before = 0; before == 0 || before != made; std::this_thread::sleep_for(100ms)) before = made;
  }
};

TEST(Stream, SlowReadersKeepNoWorker) {
  Endless endless;
  auto options = loopback();
  options.workers = 1;
  options.drain_timeout = 0s;
  Server server(options, [&](Request& request) { return request.path == "/x" ? endless.answer() : text("done"); });
  RawClient slow[5] = {RawClient(server.port()), RawClient(server.port()), RawClient(server.port()),
                       RawClient(server.port()), RawClient(server.port())};
  for (auto& client : slow) client.send(get);
  endless.wait_until_still(std::size(slow));
  EXPECT_EQ(body_of_answer(RawClient(server.port()).send("GET /y HTTP/1.1\r\nHost: h\r\n\r\n").answer()), "done");
  server.drain();
}

TEST(Stream, EndsWithItsClient) {
  Endless endless;
  Server server(loopback(), [&](Request&) { return endless.answer(); });
  {
    RawClient client(server.port());
    client.send(get);
    endless.wait_until_still(1);
  }
  endless.wait_until_gone();
}

TEST(Stream, WhoReadsNothingIsLetGo) {
  Endless endless;
  auto options = loopback();
  options.read_timeout = 1s;
  Server server(options, [&](Request&) { return endless.answer(); });
  RawClient client(server.port());
  client.send(get);
  endless.wait_until_gone();
}

TEST(Stream, DrainingLetsItEndAndCutsWhatDoesNot) {
  Endless endless;
  auto options = loopback();
  options.drain_timeout = 1s;
  Server server(options, [&](Request&) { return endless.answer(); });
  RawClient client(server.port());
  client.send(get);
  while (endless.made == 0) std::this_thread::sleep_for(1ms);
  server.drain();
  EXPECT_THAT(read_all(client).first, Not(EndsWith("0\r\n\r\n")));
  endless.wait_until_gone();
}

}  // namespace
}  // namespace spectacles::http
