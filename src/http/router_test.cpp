#include "http/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/waiting.h"

#include <boost/json.hpp>
#include <stdexcept>

#include "base/unavailable.h"

namespace spectacles::http {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

Guarded answering(std::string name) {
  return anybody([name](const Request& request) -> Result<Response> {
    std::string said = name;
    for (const auto& [key, value] : request.path_parameters) said += " " + key + "=" + value;
    return text(said);
  });
}

Response ask(const Router& router, Method method, std::string path) {
  Request request;
  request.method = method;
  request.path = std::move(path);
  request.host = "here";
  request.id = "id-1";
  return router.handle(request);
}

Router sample() {
  Router router;
  router.add(Method::get, "/api/v1/users", answering("list"));
  router.add(Method::post, "/api/v1/users", answering("create"));
  router.add(Method::get, "/api/v1/users/me", answering("me"));
  router.add(Method::get, "/api/v1/users/{id}", answering("one"));
  router.add(Method::del, "/api/v1/users/{user}", answering("delete"));
  router.add(Method::get, "/api/v1/users/{user}/keys/{key}", answering("key"));
  return router;
}

TEST(Router, FindsRoutes) {
  const auto router = sample();
  EXPECT_EQ(ask(router, Method::get, "/api/v1/users").body, "list");
  EXPECT_EQ(ask(router, Method::post, "/api/v1/users").body, "create");
  EXPECT_EQ(ask(router, Method::get, "/api/v1/users/7").body, "one id=7");
  EXPECT_EQ(ask(router, Method::del, "/api/v1/users/7").body, "delete user=7");
  EXPECT_EQ(ask(router, Method::get, "/api/v1/users/a b/keys/\xc3\xa9").body, "key key=\xc3\xa9 user=a b");
}

TEST(Router, PrefersFixedSegments) {
  const auto router = sample();
  EXPECT_EQ(ask(router, Method::get, "/api/v1/users/me").body, "me");
  EXPECT_EQ(ask(router, Method::get, "/api/v1/users/me/keys/k").body, "key key=k user=me") << "no way on below /me";
}

TEST(Router, RunsGetForHead) {
  EXPECT_EQ(ask(sample(), Method::head, "/api/v1/users").status, 200);
}

TEST(Router, TellsWhatIsAllowed) {
  const auto router = sample();
  const auto refused = ask(router, Method::put, "/api/v1/users");
  EXPECT_EQ(refused.status, 405);
  EXPECT_THAT(refused.headers, Contains(Pair("Allow", "GET, HEAD, POST, OPTIONS")));
  EXPECT_EQ(ask(router, Method::other, "/api/v1/users/7").status, 405);
  const auto options = ask(router, Method::options, "/api/v1/users/7");
  EXPECT_EQ(options.status, 204);
  EXPECT_THAT(options.headers, Contains(Pair("Allow", "GET, HEAD, DELETE, OPTIONS")));
  EXPECT_EQ(ask(router, Method::options, "/nowhere").status, 404);
}

TEST(Router, DoesNotKnowOtherPaths) {
  const auto router = sample();
  for (const auto* path : {"/", "/api", "/api/v1/users/", "/api/v1/users//keys/k", "//api/v1/users", "/api/v1/user",
                           "/api/v1/users/7/keys", "/API/v1/users"}) {
    const auto answer = ask(router, Method::get, path);
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_THAT(answer.body, HasSubstr("id-1")) << path;
  }
}

TEST(Router, GivesPagesWhatNobodyElseAnswers) {
  auto router = sample();
  router.add_fallback([](const Request&) -> Result<Response> { return text("page"); });
  EXPECT_EQ(ask(router, Method::get, "/").body, "page");
  EXPECT_EQ(ask(router, Method::head, "/settings").body, "page");
  EXPECT_EQ(ask(router, Method::get, "/apis").body, "page");
  EXPECT_EQ(ask(router, Method::post, "/settings").status, 404);
  EXPECT_EQ(ask(router, Method::get, "/api").status, 404);
  EXPECT_EQ(ask(router, Method::get, "/api/v1/nothing").status, 404);
  EXPECT_EQ(ask(router, Method::put, "/api/v1/users").status, 405);
}

TEST(Router, TurnsRefusalsIntoProblems) {
  Router router;
  router.add(Method::get, "/x", anybody([](const Request&) -> Result<Response> {
               return refuse(RefusalKind::conflict, "taken", "name");
             }));
  const auto answer = ask(router, Method::get, "/x");
  EXPECT_EQ(answer.status, 409);
  const auto body = boost::json::parse(answer.body).as_object();
  EXPECT_EQ(body.at("field"), "name");
  EXPECT_EQ(body.at("request_id"), "id-1");
}

TEST(Router, HidesFaults) {
  Router router;
  router.add(Method::get, "/x",
             anybody([](const Request&) -> Result<Response> { throw std::runtime_error("secret detail"); }));
  router.add(Method::get, "/y", anybody([](const Request&) -> Result<Response> { throw 7; }));
  for (const auto* path : {"/x", "/y"}) {
    const auto answer = ask(router, Method::get, path);
    EXPECT_EQ(answer.status, 500);
    EXPECT_THAT(answer.body, HasSubstr("\"request_id\":\"id-1\""));
    EXPECT_THAT(answer.body, Not(HasSubstr("secret detail")));
  }
}

TEST(Router, SaysThatWhatDoesNotAnswerNowMayAnswerLater) {
  class Gone : public std::runtime_error, public Unavailable {
   public:
    Gone() : std::runtime_error("secret detail") {}
  };
  Router router;
  router.add(Method::get, "/x", anybody([](const Request&) -> Result<Response> { throw Gone(); }));
  const auto answer = ask(router, Method::get, "/x");
  EXPECT_EQ(answer.status, 503);
  EXPECT_THAT(answer.headers, Contains(Pair("Retry-After", "5")));
  EXPECT_THAT(answer.body, Not(HasSubstr("secret detail")));
}

TEST(Router, RefusesOtherSites) {
  const auto router = sample();
  Request request;
  request.method = Method::post;
  request.path = "/api/v1/users";
  request.host = "here";
  request.headers = {{"sec-fetch-site", "cross-site"}};
  EXPECT_EQ(router.handle(request).status, 403);
}

TEST(Router, RefusesToMountTwice) {
  auto router = sample();
  EXPECT_THROW(router.add(Method::get, "/api/v1/users", answering("again")), std::logic_error);
  EXPECT_THROW(router.add(Method::get, "/api/v1/users/{other}", answering("again")), std::logic_error);
  EXPECT_THROW(router.add(Method::get, "users", answering("relative")), std::logic_error);
}

TEST(Router, ListsItsRoutes) {
  Router router;
  router.add(Method::get, "/a/{id}", {"signed in", [](const Request&) -> Result<Response> { return no_content(); }});
  ASSERT_EQ(router.routes().size(), 1u);
  EXPECT_EQ(router.routes()[0].method, Method::get);
  EXPECT_EQ(router.routes()[0].pattern, "/a/{id}");
  EXPECT_EQ(router.routes()[0].policy, "signed in");
}

TEST(Router, KnowsWhatIsQuickAndLetsItSayThatItWouldWait) {
  Router router;
  const Handler waits = [](const Request&) -> Result<Response> {
    before_waiting();
    return text("done");
  };
  router.add(Method::get, "/quick/{id}", quick(anybody(waits)));
  router.add(Method::post, "/quick/{id}", anybody(waits));
  const auto request = [](Method method, const std::string& path) {
    Request made;
    made.method = method;
    made.path = path;
    made.host = "h";
    return made;
  };
  EXPECT_TRUE(router.is_quick(request(Method::get, "/quick/1")));
  EXPECT_TRUE(router.is_quick(request(Method::head, "/quick/1")));
  EXPECT_FALSE(router.is_quick(request(Method::post, "/quick/1")));
  EXPECT_FALSE(router.is_quick(request(Method::get, "/quick")));
  auto asked = request(Method::get, "/quick/1");
  {
    const MustNotWait here;
    EXPECT_THROW(router.handle(asked), WouldWait);
  }
  EXPECT_EQ(router.handle(asked).body, "done");
}

}  // namespace
}  // namespace spectacles::http
