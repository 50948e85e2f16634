#include "http/request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/base64.h"

namespace spectacles::http {
namespace {

using testing::ElementsAre;
using testing::Pair;

Request with_header(std::string name, std::string value) {
  Request request;
  request.headers.emplace_back(std::move(name), std::move(value));
  return request;
}

Request with_basic(const std::string& plain) {
  return with_header("authorization", "Basic " + to_base64(plain));
}

TEST(Parameters, AreDecodedInTheirOrder) {
  const auto parsed = Parameters::parse_form("scope=repository%3Aa%3Apull&scope=b+c&&flag&=empty&x=1=2&u=%C3%A9");
  ASSERT_TRUE(parsed);
  EXPECT_THAT(parsed->pairs(), ElementsAre(Pair("scope", "repository:a:pull"), Pair("scope", "b c"), Pair("flag", ""),
                                           Pair("", "empty"), Pair("x", "1=2"), Pair("u", "\xc3\xa9")));
  EXPECT_EQ(parsed->first("scope"), "repository:a:pull");
  EXPECT_THAT(parsed->all("scope"), ElementsAre("repository:a:pull", "b c"));
  EXPECT_TRUE(parsed->has("flag"));
  EXPECT_FALSE(parsed->has("other"));
}

TEST(Parameters, OfNothingAreNone) {
  ASSERT_TRUE(Parameters::parse_form(""));
  EXPECT_TRUE(Parameters::parse_form("")->pairs().empty());
}

TEST(Parameters, RefuseWhatIsNoText) {
  for (const auto* text :
       {"a=%", "a=%4", "a=%zz", "%=a", "a=%00", "a=%ff", "a=%c0%80", "a=%ed%a0%80", "a=%f4%90%80%80", "a=%e2%82"}) {
    const auto parsed = Parameters::parse_form(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().kind, RefusalKind::invalid) << text;
  }
  EXPECT_EQ(Parameters::parse_form("name=%ff").error().field, "name");
}

TEST(Form, NeedsItsMediaType) {
  auto request = with_header("content-type", "Application/X-WWW-Form-Urlencoded; charset=utf-8");
  request.body = "grant_type=password";
  ASSERT_TRUE(request.form());
  EXPECT_EQ(request.form()->first("grant_type"), "password");

  request.headers.front().second = "application/json";
  EXPECT_EQ(request.form().error().kind, RefusalKind::unsupported);
  request.headers.clear();
  EXPECT_EQ(request.form().error().kind, RefusalKind::unsupported);
}

TEST(Basic, IsAbsentWithoutAuthorization) {
  const auto basic = Request{}.basic();
  ASSERT_TRUE(basic);
  EXPECT_FALSE(basic->has_value());
}

TEST(Basic, HoldsUserAndPassword) {
  struct Row {
    std::string plain, user, password;
  };
  for (const auto& row : {Row{"alice:wonder:land", "alice", "wonder:land"}, Row{":token", "", "token"},
                          Row{"alice:", "alice", ""}, Row{"j\xc3\xb6rg:p\xc3\xa4ss", "j\xc3\xb6rg", "p\xc3\xa4ss"}}) {
    const auto basic = with_basic(row.plain).basic();
    ASSERT_TRUE(basic && basic->has_value()) << row.plain;
    EXPECT_EQ((*basic)->user, row.user);
    EXPECT_EQ((*basic)->password.reveal(), row.password);
  }
}

TEST(Basic, SchemeIsCaseInsensitive) {
  for (const auto* scheme : {"basic ", "BASIC ", "Basic   "}) {
    const auto basic = with_header("authorization", scheme + to_base64("a:b")).basic();
    ASSERT_TRUE(basic && basic->has_value()) << scheme;
    EXPECT_EQ((*basic)->user, "a");
  }
}

TEST(Basic, RefusesWhatIsNone) {
  for (const auto& value : std::vector<std::string>{"Bearer abc", "Basic", "Basic ", "Basic !!!!", "Basic YTpi YTpi",
                                                    "Basic " + to_base64("nocolon"), "Basic " + to_base64("a:\xff"),
                                                    "Basic " + to_base64("a:b\n"), "", "Basicx YTpi"}) {
    const auto basic = with_header("authorization", value).basic();
    ASSERT_FALSE(basic) << value;
    EXPECT_EQ(basic.error().kind, RefusalKind::unauthenticated);
  }
}

TEST(Basic, RefusesTwoHeaders) {
  auto request = with_basic("a:b");
  request.headers.push_back(request.headers.front());
  EXPECT_FALSE(request.basic());
}

TEST(Cookies, AreFoundByTheirExactName) {
  auto request = with_header("cookie", "a=1; session=abc=def; b=2;session=second");
  request.headers.emplace_back("cookie", "late=3");
  EXPECT_EQ(request.cookie("session"), "abc=def");
  EXPECT_EQ(request.cookie("a"), "1");
  EXPECT_EQ(request.cookie("late"), "3");
  EXPECT_EQ(request.cookie("ession"), std::nullopt);
  EXPECT_EQ(request.cookie("Session"), std::nullopt);
}

TEST(Origin, TellsSchemeAndHost) {
  Request request;
  request.host = "spectacles.example:5050";
  EXPECT_EQ(request.origin(), "http://spectacles.example:5050");
  request.secure = true;
  EXPECT_EQ(request.origin(), "https://spectacles.example:5050");
}

}  // namespace
}  // namespace spectacles::http
