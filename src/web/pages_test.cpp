#include "web/pages.h"

#include <gtest/gtest.h>

#include <optional>

#include "base/base64.h"
#include "crypto/digest.h"

namespace spectacles::web {
namespace {

const std::string script = "start(\"/__spectacles_root__/_app/immutable/start.js\")";
const std::string index_html = "<!doctype html><script src=\"/__spectacles_root__/theme.js\"></script><script>" +
                               script + "</script>" + std::string(200, ' ');
const std::string start_js = std::string(500, 'x');
const EmbeddedFile files[] = {{"/index.html", index_html}, {"/_app/immutable/start.js", start_js}};

http::Request request(std::string path, std::vector<std::pair<std::string, std::string>> headers = {}) {
  http::Request made;
  made.path = std::move(path);
  made.headers = std::move(headers);
  return made;
}

std::optional<std::string> header(const http::Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return std::nullopt;
}

TEST(Pages, AnswersEveryUnknownPathWithTheApp) {
  const Pages pages(files, "");
  for (const char* path : {"/", "/index.html", "/namespaces/7", "/sign-in", "/apiary", "/a.b/c"}) {
    const auto response = pages.answer(request(path));
    ASSERT_TRUE(response) << path;
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(header(*response, "Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(header(*response, "Cache-Control"), "no-cache");
    EXPECT_EQ(header(*response, "Content-Security-Policy"), pages.policy());
    EXPECT_EQ(header(*response, "X-Frame-Options"), "DENY");
    EXPECT_EQ(header(*response, "Cross-Origin-Opener-Policy"), "same-origin");
  }
}

TEST(Pages, RefusesWhatIsNoPage) {
  const Pages pages(files, "");
  for (const char* path :
       {"/api", "/api/v1/nothing", "/_app/immutable/old.js", "/_app/old", "/robots.txt", "/users/x.png"}) {
    const auto response = pages.answer(request(path));
    ASSERT_FALSE(response) << path;
    EXPECT_EQ(response.error().kind, RefusalKind::not_found);
  }
  auto post = request("/");
  post.method = http::Method::post;
  EXPECT_FALSE(pages.answer(post));
}

TEST(Pages, HashesTheScriptAsItIsSent) {
  const Pages pages(files, "/hub");
  const auto sent = std::string("start(\"/hub/_app/immutable/start.js\")");
  EXPECT_NE(pages.policy().find("script-src 'self' 'sha256-" + to_base64(crypto::sha256(sent)) + "';"),
            std::string::npos);
  EXPECT_EQ(pages.policy().find("unsafe"), std::string::npos);
  EXPECT_EQ(pages.answer(request("/"))->static_body.find("__spectacles_root__"), std::string_view::npos);
}

TEST(Pages, HashesEveryInlineScriptAndNoOther) {
  const auto policy = content_security_policy(
      "<script>a</script><script src=\"/theme.js\"></script><script type=\"module\">b</script>");
  const auto hash = [](std::string_view text) { return "'sha256-" + to_base64(crypto::sha256(text)) + "'"; };
  EXPECT_NE(policy.find("script-src 'self' " + hash("a") + " " + hash("b") + ";"), std::string::npos) << policy;
  EXPECT_EQ(policy.find(hash("")), std::string::npos);
}

TEST(Pages, AnswersThroughTheRouter) {
  const Pages pages(files, "");
  http::Router router;
  router.add_fallback(pages_handler(pages));
  auto page = request("/namespaces");
  EXPECT_EQ(router.handle(page).status, 200);
  auto missing = request("/logo.png");
  EXPECT_EQ(router.handle(missing).status, 404);
}

TEST(Pages, PacksForWhoAcceptsIt) {
  const Pages pages(files, "");
  const auto plain = pages.answer(request("/_app/immutable/start.js"));
  const auto packed = pages.answer(request("/_app/immutable/start.js", {{"accept-encoding", "gzip"}}));
  EXPECT_EQ(plain->static_body, start_js);
  EXPECT_EQ(header(*plain, "Content-Encoding"), std::nullopt);
  EXPECT_EQ(header(*plain, "Vary"), "Accept-Encoding");
  EXPECT_LT(packed->static_body.size(), start_js.size());
  EXPECT_EQ(header(*packed, "Content-Encoding"), "gzip");
  EXPECT_NE(header(*packed, "ETag"), header(*plain, "ETag"));
}

TEST(Pages, SaysWhenNothingChanged) {
  const Pages pages(files, "");
  const auto tag = header(*pages.answer(request("/")), "ETag");
  ASSERT_TRUE(tag);
  const auto again = pages.answer(request("/", {{"if-none-match", *tag}}));
  EXPECT_EQ(again->status, 304);
  EXPECT_TRUE(again->static_body.empty());
  EXPECT_EQ(header(*again, "ETag"), tag);
  EXPECT_EQ(pages.answer(request("/", {{"if-none-match", "\"other\""}}))->status, 200);
}

TEST(Pages, SaysThatTheConsoleWasNotBuilt) {
  const Pages pages({}, "");
  EXPECT_NE(pages.answer(request("/"))->static_body.find("without its web console"), std::string_view::npos);
}

}  // namespace
}  // namespace spectacles::web
