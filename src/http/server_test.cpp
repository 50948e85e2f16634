#include "http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <atomic>
#include <future>
#include <stdexcept>
#include <thread>

#include "base/waiting.h"
#include "http/raw_client.h"

namespace spectacles::http {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// Tells what it was asked.
Response echo(Request& request) {
  if (request.path == "/large") return text(std::string(500'000, 'x'));
  if (request.path == "/fault") throw std::runtime_error("secret detail");
  if (request.path == "/broken") return text("").with("X", "a\r\nb");
  return text(std::string(render_method(request.method)) + " " + request.path + " " + request.host + " " +
              request.remote_address + " [" + request.body + "]");
}

ServerOptions loopback() {
  ServerOptions options;
  options.address = "127.0.0.1";
  options.port = 0;
  options.workers = 2;
  return options;
}

constexpr std::string_view get = "GET /x HTTP/1.1\r\nHost: h\r\n\r\n";

// A handler that waits until it is let go.
class Gate {
 public:
  Response wait() {
    ++waiting_;
    opened_.wait();
    return text("done");
  }
  void wait_for_callers(int count) const {
    while (waiting_ < count) std::this_thread::sleep_for(1ms);
  }
  void open() { promise_.set_value(); }

 private:
  std::promise<void> promise_;
  std::shared_future<void> opened_ = promise_.get_future().share();
  std::atomic<int> waiting_ = 0;
};

TEST(Server, AnswersOnAConnectionThatStays) {
  Server server(loopback(), echo);
  RawClient client(server.port());
  for (int i = 0; i < 3; ++i) {
    const auto answer = client.send(get).answer();
    EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("\r\nX-Request-Id: "),
                              HasSubstr("\r\nX-Content-Type-Options: nosniff\r\n"), Not(HasSubstr("Connection"))));
    EXPECT_EQ(body_of_answer(answer), "GET /x h 127.0.0.1 []");
  }
}

TEST(Server, AnswersWhatWasSentAtOnceInOrder) {
  Server server(loopback(), echo);
  RawClient client(server.port());
  client.send(
      "GET /1 HTTP/1.1\r\nHost: h\r\n\r\nPOST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nabGET /3 HTTP/1.1"
      "\r\nHost: h\r\n\r\n");
  EXPECT_THAT(client.answer(), HasSubstr("GET /1"));
  EXPECT_THAT(client.answer(), HasSubstr("POST /2 h 127.0.0.1 [ab]"));
  EXPECT_THAT(client.answer(), HasSubstr("GET /3"));
}

TEST(Server, TakesBodiesInChunks) {
  Server server(loopback(), echo);
  RawClient client(server.port());
  client.send("POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel").send("lo\r\n0\r\n\r\n");
  EXPECT_THAT(client.answer(), HasSubstr("[hello]"));
}

// Says which kind of thread it was answered on.
Response tell_thread(Request& request) {
  const bool may_wait = !MustNotWait::here();
  if (request.path == "/waits") before_waiting();
  if (request.path == "/fault") throw std::runtime_error("secret detail");
  const auto tell = [](std::string_view thread) { return text(std::string(thread)); };
  if (request.path == "/signs" && !may_wait) {
    return later([&request] { return text("worker " + request.path); }, Pool::workers);
  }
  if (request.path == "/hashes") return later([=]() -> Response { return tell("hasher"); });
  return tell(may_wait ? "worker" : "reader");
}

TEST(Server, AnswersWhatIsQuickWhereItWasRead) {
  Server server(loopback(), tell_thread, [](const Request& request) { return request.path != "/slow"; });
  RawClient client(server.port());
  const auto ask = [&](const std::string& path) {
    return body_of_answer(client.send("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n").answer());
  };
  EXPECT_EQ(ask("/quick"), "reader");
  EXPECT_EQ(ask("/slow"), "worker");
  EXPECT_EQ(ask("/quick?" + std::string(5000, 'x')), "worker") << "what is long is not quick";
  EXPECT_EQ(ask("/waits"), "worker") << "tried there, and then where it may wait";
  EXPECT_EQ(ask("/signs"), "worker /signs");
  EXPECT_EQ(ask("/hashes"), "hasher");
  EXPECT_THAT(ask("/fault"), HasSubstr("request_id"));
}

TEST(Server, CutsTheWebRootOffOnceThoughTheHandlerRunsTwice) {
  auto options = loopback();
  options.web_root = "/web";
  const auto handle = [](Request& request) {
    before_waiting();
    return text(request.path);
  };
  Server server(options, handle, [](const Request&) { return true; });
  RawClient client(server.port());
  const auto answer = client.send("GET /web/web/x HTTP/1.1\r\nHost: h\r\n\r\n").answer();
  EXPECT_EQ(body_of_answer(answer), "/web/x");
}

TEST(Server, LeavesOutTheBodyForHead) {
  Server server(loopback(), echo);
  RawClient client(server.port());
  client.send("HEAD /x HTTP/1.1\r\nHost: h\r\n\r\n").send(get);
  EXPECT_THAT(client.answer_to_head(), HasSubstr("\r\nContent-Length: 22\r\n"));
  EXPECT_THAT(client.answer(), StartsWith("HTTP/1.1 200"));
}

TEST(Server, SaysContinueToWhoWaits) {
  Server server(loopback(), echo);
  RawClient client(server.port());
  client.send("POST /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.answer_to_head(), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_THAT(client.send("ab").answer(), HasSubstr("[ab]"));
}

TEST(Server, SendsLargeBodiesWhole) {
  Server server(loopback(), echo);
  RawClient client(server.port());
  EXPECT_EQ(body_of_answer(client.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n").answer()).size(), 500'000u);
  EXPECT_EQ(status_of_answer(client.send(get).answer()), 200);
}

TEST(Server, EndsTheConnectionWhenAsked) {
  Server server(loopback(), echo);
  RawClient client(server.port());
  EXPECT_THAT(client.send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").answer(),
              HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_TRUE(client.ends());
  RawClient old(server.port());
  EXPECT_THAT(old.send("GET / HTTP/1.0\r\n\r\n").answer(),
              HasSubstr("GET / 127.0.0.1:" + std::to_string(server.port())));
  EXPECT_TRUE(old.ends());
}

TEST(Server, TurnsFaultsIntoProblems) {
  Server server(loopback(), echo);
  RawClient client(server.port());
  for (const auto* path : {"/fault", "/broken"}) {
    const auto answer = client.send(std::string("GET ") + path + " HTTP/1.1\r\nHost: h\r\n\r\n").answer();
    EXPECT_EQ(status_of_answer(answer), 500) << path;
    EXPECT_THAT(answer, AllOf(HasSubstr("request_id"), Not(HasSubstr("secret detail"))));
  }
}

TEST(Server, RefusesAndClosesWhatIsMalformed) {
  Server server(loopback(), echo);
  for (const auto* bytes : {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: "
                            "chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n",
                            "GET / HTTP/1.1\nHost: h\n\n", "GET / HTTP/1.1\r\n\r\n",
                            "GET /a%2fb HTTP/1.1\r\nHost: h\r\n\r\n", "garbage\r\n\r\n"}) {
    RawClient client(server.port());
    const auto answer = client.send(bytes).answer();
    EXPECT_EQ(status_of_answer(answer), 400) << bytes;
    EXPECT_THAT(answer, AllOf(HasSubstr("application/problem+json"), HasSubstr("Connection: close")));
    EXPECT_TRUE(client.ends()) << bytes;
  }
}

TEST(Server, HasLimits) {
  auto options = loopback();
  options.max_body_bytes = 1000;
  options.max_header_bytes = 2000;
  Server server(options, echo);
  RawClient large_body(server.port());
  large_body.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 300000\r\n\r\n").send(std::string(300'000, 'x'));
  EXPECT_EQ(status_of_answer(large_body.answer()), 413) << "although the rest of the body is still coming";
  RawClient large_head(server.port());
  large_head.send("GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(3000, 'x'));
  EXPECT_EQ(status_of_answer(large_head.answer()), 431);
}

TEST(Server, DoesNotWaitForever) {
  auto options = loopback();
  options.read_timeout = 1s;
  options.idle_timeout = 1s;
  Server server(options, echo);
  RawClient slow(server.port());
  slow.send("GET / HTTP/1.1\r\nHo");
  RawClient silent(server.port());
  RawClient idle(server.port());
  EXPECT_EQ(status_of_answer(idle.send(get).answer()), 200);
  EXPECT_EQ(status_of_answer(slow.answer()), 408);
  EXPECT_TRUE(slow.ends());
  EXPECT_TRUE(silent.ends());
  EXPECT_TRUE(idle.ends());
}

TEST(Server, RefusesWhatItCannotTakeOn) {
  auto options = loopback();
  options.workers = 1;
  options.queue = 0;
  Gate gate;
  Server server(options, [&](Request&) { return gate.wait(); });
  RawClient first(server.port());
  first.send(get);
  gate.wait_for_callers(1);
  RawClient second(server.port());
  const auto refused = second.send(get).answer();
  EXPECT_EQ(status_of_answer(refused), 503);
  EXPECT_THAT(refused, HasSubstr("\r\nRetry-After: "));
  gate.open();
  EXPECT_EQ(status_of_answer(first.answer()), 200);
  int status = 503;  // the worker needs a moment to be free again
  for (int tries = 0; tries < 100 && status == 503; ++tries) {
    status = status_of_answer(second.send(get).answer());
    std::this_thread::sleep_for(1ms);
  }
  EXPECT_EQ(status, 200) << "the connection is still good";
}

TEST(Server, TakesNoMoreConnectionsThanItMay) {
  auto options = loopback();
  options.max_connections = 1;
  Server server(options, echo);
  auto first = std::make_unique<RawClient>(server.port());
  EXPECT_EQ(status_of_answer(first->send(get).answer()), 200);
  EXPECT_TRUE(RawClient(server.port()).ends());
  first.reset();
  for (int tries = 0; tries < 100; ++tries) {
    RawClient next(server.port());
    if (status_of_answer(next.send(get).answer()) == 200) return;
    std::this_thread::sleep_for(10ms);
  }
  FAIL() << "the place of a connection that ended stays taken";
}

TEST(Server, DrainsWhatIsUnderWay) {
  Gate gate;
  Server server(loopback(), [&](Request&) { return gate.wait(); });
  RawClient idle(server.port());
  RawClient busy(server.port());
  busy.send(get);
  gate.wait_for_callers(1);
  auto drained = std::async(std::launch::async, [&] { server.drain(); });
  EXPECT_TRUE(idle.ends());
  EXPECT_THROW(RawClient{server.port()}, std::runtime_error);
  gate.open();
  EXPECT_THAT(busy.answer(), AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("Connection: close")));
  EXPECT_TRUE(busy.ends());
  ::shutdown(busy.descriptor(), SHUT_RDWR);
  EXPECT_EQ(drained.wait_for(1s), std::future_status::ready);
}

TEST(Server, CutsWhatDoesNotEnd) {
  auto options = loopback();
  options.drain_timeout = 1s;
  Server server(options, echo);
  RawClient client(server.port());
  client.send("GET / HTTP/1.1\r\nHo");
  std::this_thread::sleep_for(50ms);
  server.drain();
  EXPECT_TRUE(client.ends());
}

TEST(Server, EndsWithRequestsUnderWay) {
  auto options = loopback();
  options.workers = 1;
  std::atomic<int> calls = 0;
  std::vector<std::unique_ptr<RawClient>> clients;
  {
    Server server(options, [&](Request&) {
      ++calls;
      std::this_thread::sleep_for(50ms);
      return text("late");
    });
    for (int i = 0; i < 5; ++i) {
      clients.push_back(std::make_unique<RawClient>(server.port()));
      clients.back()->send(get);
    }
    while (calls == 0) std::this_thread::sleep_for(1ms);
  }
  EXPECT_LT(calls, 5);
}

TEST(Server, CutsOffTheWebRoot) {
  auto options = loopback();
  options.web_root = "/prefix";
  options.also_without_web_root = {"/token_auth"};
  Server server(options, echo);
  RawClient client(server.port());
  const auto ask = [&](const std::string& path) {
    return client.send("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n").answer();
  };
  EXPECT_THAT(ask("/prefix/x"), HasSubstr("GET /x "));
  EXPECT_THAT(ask("/prefix"), HasSubstr("GET / "));
  EXPECT_THAT(ask("/prefix/token_auth"), HasSubstr("GET /token_auth "));
  EXPECT_THAT(ask("/token_auth"), HasSubstr("GET /token_auth "));
  EXPECT_EQ(status_of_answer(ask("/x")), 404);
}

TEST(Server, BelievesTrustedProxies) {
  auto options = loopback();
  options.trusted_proxies = {"127.0.0.0/8"};
  Server server(options, echo);
  RawClient client(server.port());
  EXPECT_THAT(client.send("GET / HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 1.2.3.4\r\nX-Forwarded-Host: outside\r\n\r\n")
                  .answer(),
              HasSubstr("GET / outside 1.2.3.4"));
}

TEST(Server, SpeaksIpv6) {
  auto options = loopback();
  options.address = "::1";
  std::unique_ptr<Server> server;
  try {
    server = std::make_unique<Server>(options, echo);
  } catch (const std::runtime_error&) {
    GTEST_SKIP() << "this machine has no IPv6";
  }
  RawClient client(server->port(), "::1");
  EXPECT_THAT(client.send(get).answer(), HasSubstr("GET /x h ::1 "));
}

TEST(Server, AnswersManyAtOnce) {
  auto options = loopback();
  options.io_threads = 2;
  options.workers = 4;
  Server server(options, echo);
  std::vector<std::thread> threads;
  std::atomic<int> answered = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      RawClient client(server.port());
      for (int k = 0; k < 100; ++k) answered += status_of_answer(client.send(get).answer()) == 200;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(answered, 800);
}

std::string reason_of(const ServerOptions& options) {
  try {
    Server server(options, echo);
  } catch (const std::exception& fault) {
    return fault.what();
  }
  return "(it started)";
}

TEST(Server, SaysWhyItDoesNotStart) {
  Server first(loopback(), echo);
  auto options = loopback();
  options.port = first.port();
  EXPECT_THAT(reason_of(options), HasSubstr("127.0.0.1:" + std::to_string(first.port())));
  options.port = 0;
  options.address = "not-an-address";
  EXPECT_THAT(reason_of(options), HasSubstr("not-an-address"));
  options = loopback();
  options.trusted_proxies = {"10.0.0.0/99"};
  EXPECT_THAT(reason_of(options), HasSubstr("10.0.0.0/99"));
  options = loopback();
  options.web_root = "prefix/";
  EXPECT_THAT(reason_of(options), HasSubstr("prefix/"));
}

// "/slow" is answered later, by `gate`.
Server::Handle slow_behind(Gate& gate) {
  return [&gate](Request& request) {
    return request.path == "/slow" ? later([&gate]() -> Result<Response> { return gate.wait(); }) : echo(request);
  };
}

constexpr std::string_view get_slow = "GET /slow HTTP/1.1\r\nHost: h\r\n\r\n";

TEST(Server, WhatIsAnsweredLaterLeavesTheWorkersFree) {
  auto options = loopback();
  options.workers = 1;
  options.hashers = 1;
  Gate gate;
  Server server(options, slow_behind(gate));
  RawClient first(server.port()), second(server.port()), other(server.port());
  first.send(get_slow);
  second.send(get_slow);
  gate.wait_for_callers(1);
  EXPECT_THAT(other.send(get).answer(), StartsWith("HTTP/1.1 200 OK"));
  gate.open();
  EXPECT_EQ(body_of_answer(first.answer()), "done");
  EXPECT_EQ(body_of_answer(second.answer()), "done");
}

TEST(Server, TooManyAnswersForLaterAreRefused) {
  auto options = loopback();
  options.hashers = 1;
  options.hash_queue = 0;
  Gate gate;
  Server server(options, slow_behind(gate));
  RawClient first(server.port()), second(server.port());
  first.send(get_slow);
  gate.wait_for_callers(1);
  EXPECT_THAT(second.send(get_slow).answer(),
              AllOf(StartsWith("HTTP/1.1 503 Service Unavailable\r\n"), HasSubstr("\r\nRetry-After: 1\r\n")));
  gate.open();
  EXPECT_EQ(body_of_answer(first.answer()), "done");
}

TEST(Server, AnswersForLaterMayRefuseAndFail) {
  Server server(loopback(), [](Request& request) {
    return later([&request]() -> Result<Response> {
      if (request.path == "/fault") throw std::runtime_error("secret detail");
      return refuse(RefusalKind::conflict, "there is one already");
    });
  });
  RawClient client(server.port());
  EXPECT_THAT(client.send(get).answer(), AllOf(StartsWith("HTTP/1.1 409"), HasSubstr("there is one already")));
  EXPECT_THAT(client.send("GET /fault HTTP/1.1\r\nHost: h\r\n\r\n").answer(),
              AllOf(StartsWith("HTTP/1.1 500"), Not(HasSubstr("secret detail"))));
}

}  // namespace
}  // namespace spectacles::http
