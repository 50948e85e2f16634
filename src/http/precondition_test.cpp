#include "http/precondition.h"

#include <gtest/gtest.h>

namespace spectacles::http {
namespace {

using Tags = std::optional<std::vector<std::string>>;

Result<Tags> parse(const std::vector<std::string>& lines) {
  Request request;
  for (const auto& line : lines) request.headers.emplace_back("if-match", line);
  return parse_if_match(request);
}

TEST(PreconditionTest, NoneAndStarAskForNothing) {
  EXPECT_EQ(parse({}).value(), std::nullopt);
  EXPECT_EQ(parse({"*"}).value(), std::nullopt);
}

TEST(PreconditionTest, ListsAreTakenApart) {
  EXPECT_EQ(parse({R"("a")"}).value(), (Tags{{"a"}}));
  EXPECT_EQ(parse({R"("a", "b,c" ,"")"}).value(), (Tags{{"a", "b,c", ""}}));
  EXPECT_EQ(parse({R"("a")", R"("b")"}).value(), (Tags{{"a", "b"}}));
  EXPECT_EQ(parse({R"(, ,"a",,)"}).value(), (Tags{{"a"}}));
}

TEST(PreconditionTest, WeakTagsNameNothing) {
  EXPECT_EQ(parse({R"(W/"a")"}).value(), (Tags{std::vector<std::string>{}}));
  EXPECT_EQ(parse({R"(W/"a", "b")"}).value(), (Tags{{"b"}}));
}

TEST(PreconditionTest, OthersAreRefusedByName) {
  for (const auto* line : {"a", "\"a", "\"a\" \"b\"", "w/\"a\"", "\"a b\"", "*, \"a\"", "\"a\";"}) {
    const auto refused = parse({line});
    ASSERT_FALSE(refused.has_value()) << line;
    EXPECT_EQ(refused.error().field, "If-Match");
    EXPECT_EQ(refused.error().kind, RefusalKind::invalid);
  }
}

TEST(PreconditionTest, EntityTagsAreInQuotes) {
  EXPECT_EQ(render_etag("x1"), "\"x1\"");
}

TEST(PreconditionTest, WhatIsKnownIsComparedWeakly) {
  const auto knows = [](const std::string& line) {
    Request request;
    request.headers.emplace_back("if-none-match", line);
    return is_known(request, "\"a\"");
  };
  for (const auto* line : {"\"a\"", "W/\"a\"", "\"x\", \"a\"", "\"x\" ,\"a\" ", "*"}) EXPECT_TRUE(knows(line)) << line;
  for (const auto* line : {"\"b\"", "", "a", ",,"}) EXPECT_FALSE(knows(line)) << line;
  EXPECT_FALSE(is_known(Request{}, "\"a\""));
}

}  // namespace
}  // namespace spectacles::http
