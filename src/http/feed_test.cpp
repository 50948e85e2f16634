#include "http/feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <atomic>
#include <thread>

#include "http/raw_client.h"
#include "http/server.h"

namespace spectacles::http {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view get = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";

ServerOptions loopback() {
  ServerOptions options;
  options.address = "127.0.0.1";
  options.port = 0;
  options.workers = 1;
  return options;
}

// One feed a request, known here only as long as its client is there.
class Feeds {
 public:
  Response open() {
    auto feed = std::make_shared<Feed>(100);
    newest_ = feed;
    feed->push("hello\n");
    ++opened_;
    return feeding(std::move(feed), "text/event-stream");
  }
  std::shared_ptr<Feed> newest() { return newest_.lock(); }
  void await_opened() {
    while (opened_ == 0) std::this_thread::yield();
  }
  void await_gone() {
    while (newest_.lock()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

 private:
  std::weak_ptr<Feed> newest_;
  std::atomic<int> opened_ = 0;
};

std::string read_until(const RawClient& client, std::string_view end) {
  const timeval limit{.tv_sec = 10, .tv_usec = 0};
  ::setsockopt(client.descriptor(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  std::string all;
  char buffer[4096];
  while (end.empty() || !all.ends_with(end)) {
    const auto count = ::recv(client.descriptor(), buffer, sizeof buffer, 0);
    if (count <= 0) break;
    all.append(buffer, static_cast<std::size_t>(count));
  }
  return all;
}

class FeedTest : public testing::Test {
 protected:
  Feeds feeds_;
  Server server_{loopback(), [this](Request& request) { return request.path == "/x" ? feeds_.open() : text("other"); }};
};

TEST_F(FeedTest, SendsWhatIsPushedAndEnds) {
  RawClient client(server_.port());
  client.send(get);
  EXPECT_THAT(read_until(client, "hello\n"), HasSubstr("Connection: close\r\n"));
  feeds_.newest()->push("one\n");
  EXPECT_EQ(read_until(client, "one\n"), "one\n");
  feeds_.newest()->push("two\n");
  feeds_.newest()->end();
  EXPECT_EQ(read_until(client, ""), "two\n");
  feeds_.await_gone();
}

TEST_F(FeedTest, ManyHoldNoWorker) {
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(std::make_unique<RawClient>(server_.port()));
    clients.back()->send(get);
    read_until(*clients.back(), "hello\n");
  }
  RawClient other(server_.port());
  other.send("GET /other HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(read_until(other, ""), EndsWith("other"));
}

TEST_F(FeedTest, IsGoneWhenItsClientIs) {
  {
    RawClient client(server_.port());
    client.send(get);
    read_until(client, "hello\n");
    EXPECT_TRUE(feeds_.newest());
  }
  feeds_.await_gone();
}

TEST_F(FeedTest, DrainingEndsItAtOnce) {
  RawClient client(server_.port());
  client.send(get);
  read_until(client, "hello\n");
  const auto begin = std::chrono::steady_clock::now();
  server_.drain();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5)) << "less than the time to drain";
  EXPECT_EQ(read_until(client, ""), "");
}

TEST_F(FeedTest, HeadGetsTheHeadOnly) {
  RawClient client(server_.port());
  client.send("HEAD /x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(read_until(client, ""), EndsWith("\r\n\r\n"));
  feeds_.await_opened();
  feeds_.await_gone();
}

TEST(Feed, TakesNoMoreThanItMay) {
  Feed feed(10);
  EXPECT_TRUE(feed.push("12345678"));
  EXPECT_FALSE(feed.push("abc")) << "nothing of it";
  EXPECT_TRUE(feed.push("ab"));
  EXPECT_EQ(feed.take().bytes, "12345678ab");
  EXPECT_TRUE(feed.push("abc"));
  feed.end();
  EXPECT_FALSE(feed.push("d"));
  const auto [bytes, ended] = feed.take();
  EXPECT_EQ(bytes, "abc");
  EXPECT_TRUE(ended);
}

}  // namespace
}  // namespace spectacles::http
