#include "http/request_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/buffer.hpp>

namespace spectacles::http {
namespace {

using Progress = RequestParser::Progress;

constexpr RequestLimits limits{.head_bytes = 1024, .body_bytes = 100};

struct Parsed {
  Progress progress;
  int status;
  Request request;
  std::string left;
  bool keeps_alive;
};

Parsed parse(std::string_view bytes, std::size_t piece) {
  boost::beast::flat_buffer input;
  RequestParser parser(limits);
  auto progress = Progress::needs_more;
  while (!bytes.empty()) {
    const auto size = std::min(piece, bytes.size());
    input.commit(boost::asio::buffer_copy(input.prepare(size), boost::asio::buffer(bytes.data(), size)));
    bytes.remove_prefix(size);
    if (progress == Progress::needs_more) progress = parser.advance(input);
  }
  return {progress, parser.refused_status(), parser.request(),
          std::string(static_cast<const char*>(input.data().data()), input.size()),
          progress == Progress::done && parser.keeps_alive()};
}

// However the network cuts the bytes, the outcome is the same.
Parsed parse(const std::string& bytes) {
  const auto whole = parse(bytes, bytes.size());
  for (const std::size_t piece : {1u, 3u, 7u}) {
    const auto cut = parse(bytes, piece);
    EXPECT_EQ(cut.progress, whole.progress) << piece << "\n" << bytes;
    EXPECT_EQ(cut.status, whole.status) << piece << "\n" << bytes;
    if (whole.progress == Progress::done) {
      EXPECT_EQ(cut.request.body, whole.request.body) << piece << "\n" << bytes;
    }
  }
  return whole;
}

std::string with(const std::string& headers, const std::string& body = "") {
  return "POST /x HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n" + body;
}

TEST(RequestParser, ReadsARequest) {
  const auto parsed = parse("GET /a%20b?q=1 HTTP/1.1\r\nHOST: h:1\r\nX-Thing:  v w \r\n\r\nGET /next");
  ASSERT_EQ(parsed.progress, Progress::done);
  EXPECT_EQ(parsed.request.method, Method::get);
  EXPECT_EQ(parsed.request.path, "/a b");
  EXPECT_EQ(parsed.request.raw_query, "q=1");
  EXPECT_EQ(parsed.request.host, "h:1");
  EXPECT_EQ(parsed.request.header("x-thing"), "v w");
  EXPECT_EQ(parsed.left, "GET /next");
  EXPECT_TRUE(parsed.keeps_alive);
}

TEST(RequestParser, ReadsBodies) {
  EXPECT_EQ(parse(with("Content-Length: 5\r\n", "hello")).request.body, "hello");
  EXPECT_EQ(parse(with("Content-Length: 0\r\n")).progress, Progress::done);
  const auto chunked = parse(with("Transfer-Encoding: Chunked\r\n", "3\r\nhel\r\n2;a=b\r\nlo\r\n0\r\n\r\n"));
  EXPECT_EQ(chunked.progress, Progress::done);
  EXPECT_EQ(chunked.request.body, "hello");
  EXPECT_EQ(chunked.left, "");
}

TEST(RequestParser, DropsTrailers) {
  const auto parsed =
      parse(with("Transfer-Encoding: chunked\r\n", "0\r\nX-Forwarded-For: 6.6.6.6\r\nHost: evil\r\n\r\nrest"));
  ASSERT_EQ(parsed.progress, Progress::done);
  EXPECT_EQ(parsed.request.header("x-forwarded-for"), std::nullopt);
  EXPECT_EQ(parsed.request.host, "h");
  EXPECT_EQ(parsed.left, "rest");
}

TEST(RequestParser, KnowsMethods) {
  EXPECT_EQ(parse("PATCH / HTTP/1.1\r\nHost: h\r\n\r\n").request.method, Method::patch);
  EXPECT_EQ(parse("BREW / HTTP/1.1\r\nHost: h\r\n\r\n").request.method, Method::other);
  EXPECT_EQ(parse("TRACE / HTTP/1.1\r\nHost: h\r\n\r\n").request.method, Method::other);
  EXPECT_EQ(parse("get / HTTP/1.1\r\nHost: h\r\n\r\n").request.method, Method::other);
}

TEST(RequestParser, KnowsWhenTheConnectionEnds) {
  EXPECT_FALSE(parse("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").keeps_alive);
  EXPECT_FALSE(parse("GET / HTTP/1.0\r\n\r\n").keeps_alive);
  EXPECT_TRUE(parse("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keeps_alive);
}

TEST(RequestParser, TakesTheHostOfAnAbsoluteTarget) {
  EXPECT_EQ(parse("GET http://there/x HTTP/1.1\r\nHost: here\r\n\r\n").request.host, "there");
}

TEST(RequestParser, ForgivesAnEmptyLineBefore) {
  EXPECT_EQ(parse("\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n").progress, Progress::done);
}

TEST(RequestParser, RefusesSmuggling) {
  const std::string body = "0\r\n\r\n";
  for (const auto& bytes : std::vector<std::string>{
           with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", body),
           with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", body),
           with("Content-Length: 5\r\nContent-Length: 5\r\n", body),
           with("Content-Length: 5\r\nContent-Length: 6\r\n", body),
           with("Content-Length: 5, 5\r\n", body),
           with("Content-Length: +5\r\n", body),
           with("Content-Length: -5\r\n", body),
           with("Content-Length: 0x5\r\n", body),
           with("Content-Length:\r\n", body),
           with("Content-Length: 99999999999999999999999\r\n", body),
           with("Content-Length : 5\r\n", body),
           with("Transfer-Encoding : chunked\r\n", body),
           with("Transfer-Encoding: gzip, chunked\r\n", body),
           with("Transfer-Encoding: chunked, identity\r\n", body),
           with("Transfer-Encoding: identity\r\n", body),
           with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", body),
           with("Transfer-Encoding: xchunked\r\n", body),
           with("Transfer-Encoding:\x0b"
                "chunked\r\n",
                body),
           with("X: a\r\n b\r\n", ""),
           with("X: a\r\n\tb\r\n", ""),
           with("X: a\nY: b\r\n", ""),
           with("X: a\rY: b\r\n", ""),
           with("X\r\n", ""),
           with(": a\r\n", ""),
           with("X Y: a\r\n", ""),
           with(std::string("X: a\0b\r\n", 9), ""),
           "GET / HTTP/1.1\nHost: h\n\n",
           "GET / HTTP/1.1\r\nHost: h\r\n\n",
           "GET / HTTP/1.1\r\n Host: h\r\n\r\n",
           "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" + body,
           with("Transfer-Encoding: chunked\r\n", "x\r\n\r\n"),
           with("Transfer-Encoding: chunked\r\n", "-1\r\n\r\n"),
           with("Transfer-Encoding: chunked\r\n", "0x1\r\na\r\n0\r\n\r\n"),
           with("Transfer-Encoding: chunked\r\n", "1\na\r\n0\r\n\r\n"),
           with("Transfer-Encoding: chunked\r\n", "1\r\nab\r\n0\r\n\r\n"),
           with("Transfer-Encoding: chunked\r\n", "1 x\r\na\r\n0\r\n\r\n"),
           with("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\na"),
       }) {
    const auto parsed = parse(bytes);
    EXPECT_EQ(parsed.progress, Progress::refused) << bytes;
    EXPECT_EQ(parsed.status, 400) << bytes;
  }
}

TEST(RequestParser, RefusesBadHeads) {
  for (const auto* bytes :
       {"GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost:\r\n\r\n", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.9\r\nHost: a\r\n\r\n", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /\r\n\r\n", "/ HTTP/1.1\r\nHost: a\r\n\r\n", "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
        "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", "GET /.. HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n\r\n",
        "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\x16\x03\x01\x02\r\n\r\n"}) {
    const auto parsed = parse(bytes);
    EXPECT_EQ(parsed.progress, Progress::refused) << bytes;
    EXPECT_EQ(parsed.status, 400) << bytes;
  }
}

TEST(RequestParser, HasLimits) {
  EXPECT_EQ(parse(with("X: " + std::string(1024, 'a') + "\r\n")).status, 431);
  EXPECT_EQ(parse("GET /" + std::string(2000, 'a')).status, 431) << "without waiting for the end of the line";
  EXPECT_EQ(parse(with("X: " + std::string(900, 'a') + "\r\n")).progress, Progress::done);
}

TEST(RequestParser, HasLimitsOfTheBody) {
  EXPECT_EQ(parse(with("Content-Length: 100\r\n", std::string(100, 'x'))).progress, Progress::done);
  EXPECT_EQ(parse(with("Content-Length: 101\r\n")).status, 413);
  const std::string chunk = "32\r\n" + std::string(50, 'x') + "\r\n";
  EXPECT_EQ(parse(with("Transfer-Encoding: chunked\r\n", chunk + chunk + "0\r\n\r\n")).progress, Progress::done);
  EXPECT_EQ(parse(with("Transfer-Encoding: chunked\r\n", chunk + chunk + "1\r\n")).status, 413);
  EXPECT_EQ(parse(with("Transfer-Encoding: chunked\r\n", "1;" + std::string(3000, 'x'))).status, 400);
  EXPECT_EQ(parse(with("Transfer-Encoding: chunked\r\n", "0\r\nX: " + std::string(3000, 'x'))).status, 400);
}

TEST(RequestParser, SaysWhenTheClientWaits) {
  boost::beast::flat_buffer input;
  RequestParser parser(limits);
  const auto put = [&](std::string_view bytes) {
    input.commit(
        boost::asio::buffer_copy(input.prepare(bytes.size()), boost::asio::buffer(bytes.data(), bytes.size())));
    return parser.advance(input);
  };
  EXPECT_EQ(put("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n"), Progress::needs_more);
  EXPECT_FALSE(parser.expects_continue());
  EXPECT_EQ(put("\r\n"), Progress::needs_more);
  EXPECT_TRUE(parser.expects_continue());
  EXPECT_EQ(put("ab"), Progress::done);
}

}  // namespace
}  // namespace spectacles::http
