#include "http/response.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <stdexcept>

#include "http/reply.h"

namespace spectacles::http {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

TEST(Problem, SaysWhatWhereAndForWhichRequest) {
  const auto response = problem(Refusal{RefusalKind::conflict, "there is such a user", "users[0].name"}, "abc-1");
  EXPECT_EQ(response.status, 409);
  EXPECT_THAT(response.headers, Contains(Pair("Content-Type", "application/problem+json")));
  EXPECT_EQ(boost::json::parse(response.body),
            boost::json::parse(R"({"type":"about:blank","title":"Conflict","status":409,
                                   "detail":"there is such a user","field":"users[0].name","request_id":"abc-1"})"));
}

TEST(Problem, LeavesOutWhatItDoesNotKnow) {
  const auto body = boost::json::parse(problem(Refusal{RefusalKind::invalid, "no", ""}).body).as_object();
  EXPECT_FALSE(body.contains("field"));
  EXPECT_FALSE(body.contains("request_id"));
}

TEST(Problem, KindsHaveTheirStatus) {
  EXPECT_EQ(status_of(RefusalKind::invalid), 400);
  EXPECT_EQ(status_of(RefusalKind::unauthenticated), 401);
  EXPECT_EQ(status_of(RefusalKind::forbidden), 403);
  EXPECT_EQ(status_of(RefusalKind::not_found), 404);
  EXPECT_EQ(status_of(RefusalKind::conflict), 409);
  EXPECT_EQ(status_of(RefusalKind::too_large), 413);
  EXPECT_EQ(status_of(RefusalKind::unsupported), 415);
  EXPECT_EQ(status_of(RefusalKind::too_many), 429);
  EXPECT_EQ(status_of(RefusalKind::unavailable), 503);
}

TEST(Cookie, IsRenderedForThisSiteOnly) {
  EXPECT_EQ(render_cookie({.name = "session", .value = "abc", .max_age = std::chrono::seconds(60)}),
            "session=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
  EXPECT_EQ(render_cookie({.name = "__Host-session", .value = "", .secure = true}),
            "__Host-session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure");
}

TEST(Cookie, CannotBeBrokenOutOf) {
  EXPECT_THROW(render_cookie({.name = "a", .value = "b; Domain=evil"}), std::invalid_argument);
  EXPECT_THROW(render_cookie({.name = "a", .value = "b\r\nX: y"}), std::invalid_argument);
  EXPECT_THROW(render_cookie({.name = "a=b", .value = "c"}), std::invalid_argument);
  EXPECT_THROW(render_cookie({.name = "", .value = "c"}), std::invalid_argument);
  EXPECT_THROW(render_cookie({.name = "a", .value = "c", .path = "/;x"}), std::invalid_argument);
}

TEST(Reply, HasWhatEveryAnswerHas) {
  const auto reply = render_reply(text("hello"), {.request_id = "abc-1"});
  EXPECT_THAT(reply.bytes, testing::StartsWith("HTTP/1.1 200 OK\r\nDate: "));
  EXPECT_THAT(reply.bytes, HasSubstr("\r\nX-Request-Id: abc-1\r\n"));
  EXPECT_THAT(reply.bytes, HasSubstr("\r\nX-Content-Type-Options: nosniff\r\n"));
  EXPECT_THAT(reply.bytes, HasSubstr("\r\nReferrer-Policy: same-origin\r\n"));
  EXPECT_THAT(reply.bytes, HasSubstr("\r\nContent-Length: 5\r\n"));
  EXPECT_THAT(reply.bytes, testing::EndsWith("\r\n\r\nhello"));
  EXPECT_THAT(reply.bytes, Not(HasSubstr("Connection:")));
  EXPECT_THAT(reply.bytes, Not(HasSubstr("Server:")));
}

TEST(Reply, LeavesTheHandlersPolicy) {
  const auto reply = render_reply(text("x").with("referrer-policy", "no-referrer"), {});
  EXPECT_THAT(reply.bytes, HasSubstr("referrer-policy: no-referrer\r\n"));
  EXPECT_THAT(reply.bytes, Not(HasSubstr("same-origin")));
}

TEST(Reply, WithoutBodyKeepsItsLength) {
  const auto reply = render_reply(text("hello"), {.without_body = true});
  EXPECT_THAT(reply.bytes, HasSubstr("Content-Length: 5\r\n"));
  EXPECT_THAT(reply.bytes, testing::EndsWith("\r\n\r\n"));
}

TEST(Reply, OfNoContentHasNoLength) {
  const auto reply = render_reply(no_content(), {});
  EXPECT_THAT(reply.bytes, testing::StartsWith("HTTP/1.1 204 No Content\r\n"));
  EXPECT_THAT(reply.bytes, Not(HasSubstr("Content-Length")));
}

TEST(Reply, DoesNotCopyLargeBodies) {
  const std::string large(100'000, 'x');
  const auto owned = render_reply(text(large), {});
  EXPECT_EQ(owned.rest(), large);
  Response embedded;
  embedded.static_body = large;
  const auto reply = render_reply(std::move(embedded), {});
  EXPECT_EQ(reply.rest().data(), large.data());
  EXPECT_THAT(reply.bytes, HasSubstr("Content-Length: 100000\r\n"));
}

TEST(Reply, RefusesHeadersThatBreakOut) {
  EXPECT_THROW(render_reply(text("").with("Location", "/\r\nX: y"), {}), std::logic_error);
  EXPECT_THROW(render_reply(text("").with("A b", "c"), {}), std::logic_error);
  EXPECT_THROW(render_reply(text("").with("", "c"), {}), std::logic_error);
  EXPECT_THROW(render_reply(text("").with("content-length", "3"), {}), std::logic_error);
}

}  // namespace
}  // namespace spectacles::http
