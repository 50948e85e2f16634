#include "http/target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spectacles::http {
namespace {

TEST(Target, IsPathAndQuery) {
  const auto target = parse_target("/v2/a%20b/%C3%A9?scope=a%2Fb&x=?");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/v2/a b/\xc3\xa9");
  EXPECT_EQ(target->query, "scope=a%2Fb&x=?");
  EXPECT_EQ(target->host, "");
  EXPECT_EQ(parse_target("/").value().path, "/");
  EXPECT_EQ(parse_target("/...").value().path, "/...");
  EXPECT_EQ(parse_target("//a//").value().path, "//a//");
}

TEST(Target, MayBeAbsolute) {
  const auto target = parse_target("http://there.example:80/path?q");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->host, "there.example:80");
  EXPECT_EQ(target->path, "/path");
  EXPECT_EQ(target->query, "q");
  EXPECT_EQ(parse_target("HTTPS://there").value().path, "/");
  EXPECT_EQ(parse_target("http://there?q").value().query, "q");
  EXPECT_EQ(parse_target("http://[::1]:5050/").value().host, "[::1]:5050");
}

TEST(Target, RefusesWhatCouldMeanTwoThings) {
  for (const auto* text :
       {"",          "*",       "path",      "host:443", "ftp://there/", "http:///path", "http://user@there/",
        "http://",   "/a%2fb",  "/a%2Fb",    "/..",      "/../etc",      "/a/../b",      "/a/..",
        "/.",        "/a/./b",  "/%2e%2e/b", "/a/%2E",   "/%00",         "/a%0d%0ab",    "/%7f",
        "/%ff",      "/%c0%af", "/%",        "/%4",      "/%zz",         "/a#b",         "/a\tb",
        "/\xc3\xa9", "/a?\x7f", "/a?b#c"}) {
    const auto target = parse_target(text);
    ASSERT_FALSE(target) << text;
    EXPECT_EQ(target.error().kind, RefusalKind::invalid) << text;
  }
}

TEST(WebRoot, IsCutOff) {
  const std::vector<std::string> also{"/token_auth"};
  EXPECT_EQ(behind_web_root("/x", "", also), "/x");
  EXPECT_EQ(behind_web_root("/p/x", "/p", also), "/x");
  EXPECT_EQ(behind_web_root("/p/", "/p", also), "/");
  EXPECT_EQ(behind_web_root("/p", "/p", also), "/");
  EXPECT_EQ(behind_web_root("/p/token_auth", "/p", also), "/token_auth");
  EXPECT_EQ(behind_web_root("/token_auth", "/p", also), "/token_auth");
  EXPECT_EQ(behind_web_root("/x", "/p", also), std::nullopt);
  EXPECT_EQ(behind_web_root("/px", "/p", also), std::nullopt);
  EXPECT_EQ(behind_web_root("/", "/p", also), std::nullopt);
  EXPECT_EQ(behind_web_root("/token_auth/", "/p", also), std::nullopt);
}

}  // namespace
}  // namespace spectacles::http
