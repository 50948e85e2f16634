#include "http/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace spectacles::http {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Request body(std::string text) {
  Request request;
  request.headers.emplace_back("content-type", "application/json; charset=utf-8");
  request.body = std::move(text);
  return request;
}

Refusal refusal_of(const std::string& text) {
  Fields fields(body(text));
  fields.optional_text("known");
  auto finished = fields.finish();
  return finished ? Refusal{RefusalKind::invalid, "(was accepted)", ""} : finished.error();
}

TEST(Fields, GivesWhatWasAskedFor) {
  Fields fields(body(R"({"name":"a\u00e9","n":-9223372036854775808,"yes":true,"list":["x","y"],"none":null,
                         "password":"p","claims":[{"k":1}]})"));
  EXPECT_EQ(fields.text("name"), "a\xc3\xa9");
  EXPECT_EQ(fields.integer("n"), INT64_MIN);
  EXPECT_EQ(fields.optional_boolean("yes"), true);
  EXPECT_THAT(fields.optional_texts("list").value(), ElementsAre("x", "y"));
  EXPECT_EQ(fields.nullable_text("none"), std::nullopt);
  EXPECT_EQ(fields.nullable_text("name"), "a\xc3\xa9");
  EXPECT_EQ(fields.optional_integer("absent"), std::nullopt);
  EXPECT_EQ(fields.secret("password").reveal(), "p");
  EXPECT_TRUE(fields.has("none"));
  EXPECT_FALSE(fields.has("absent"));
  const auto claims = fields.optional_array("claims");
  ASSERT_TRUE(claims);
  Fields claim(claims->at(0), "claims[0]");
  EXPECT_EQ(claim.integer("k"), 1);
  EXPECT_TRUE(claim.finish());
  EXPECT_TRUE(fields.finish());
}

TEST(Fields, RefusesNullWhereNothingSaysThatItMayBe) {
  const std::vector<std::pair<std::string, std::function<void(Fields&)>>> rows = {
      {"a string", [](Fields& fields) { EXPECT_EQ(fields.optional_text("x"), std::nullopt); }},
      {"a whole number of at most 64 bits",
       [](Fields& fields) { EXPECT_EQ(fields.optional_integer("x"), std::nullopt); }},
      {"true or false", [](Fields& fields) { EXPECT_EQ(fields.optional_boolean("x"), std::nullopt); }},
      {"an array of strings", [](Fields& fields) { EXPECT_EQ(fields.optional_texts("x"), std::nullopt); }},
      {"an array", [](Fields& fields) { EXPECT_EQ(fields.optional_array("x"), std::nullopt); }}};
  for (const auto& [wanted, ask] : rows) {
    Fields fields(body(R"({"x":null})"));
    ask(fields);
    const auto finished = fields.finish();
    ASSERT_FALSE(finished) << wanted;
    EXPECT_EQ(finished.error().field, "x");
    EXPECT_EQ(finished.error().text, "x must be " + wanted);
  }
}

TEST(Fields, NamesTheFieldAndWhatWouldBeRight) {
  struct Row {
    std::string text, field, says;
  };
  for (const auto& row :
       {Row{R"({"name":1})", "name", "name must be a string"}, Row{R"({"name":null})", "name", "name must be a string"},
        Row{R"({})", "name", "name is missing; it must be a string"}}) {
    Fields fields(body(row.text));
    EXPECT_EQ(fields.text("name"), "");
    const auto finished = fields.finish();
    ASSERT_FALSE(finished) << row.text;
    EXPECT_EQ(finished.error().field, row.field);
    EXPECT_EQ(finished.error().text, row.says);
  }
}

TEST(Fields, RefusesNumbersThatAreNoWholeOnes) {
  for (const auto* number : {"1.5", "1e2", "9223372036854775808", "1e400", "\"1\"", "true"}) {
    Fields fields(body(std::string(R"({"n":)") + number + "}"));
    EXPECT_EQ(fields.integer("n"), 0);
    const auto finished = fields.finish();
    ASSERT_FALSE(finished) << number;
    EXPECT_EQ(finished.error().field, "n") << number;
  }
}

TEST(Fields, RefusesWrongTypes) {
  Fields booleans(body(R"({"b":"true"})"));
  booleans.optional_boolean("b");
  EXPECT_EQ(booleans.finish().error().text, "b must be true or false");
  Fields texts(body(R"({"l":["a",2]})"));
  texts.optional_texts("l");
  EXPECT_EQ(texts.finish().error().field, "l[1]");
  Fields array(body(R"({"l":{}})"));
  array.optional_array("l");
  EXPECT_EQ(array.finish().error().text, "l must be an array");
}

TEST(Fields, RefusesUnknownMembers) {
  EXPECT_EQ(refusal_of(R"({"known":"a","admin":true})").field, "admin");
}

TEST(Fields, RefusesMembersThatAreThereTwice) {
  const auto refusal = refusal_of(R"({"known":"a","known":"b"})");
  EXPECT_EQ(refusal.field, "known");
  EXPECT_EQ(refusal.text, "known is there twice");
  EXPECT_EQ(refusal_of(R"({"known":"a","kno\u0077n":"b"})").field, "known");
  EXPECT_EQ(refusal_of(R"({"users":[{"a":1},{"b":{"c":1,"c":2}}]})").field, "users[1].b.c");
  EXPECT_EQ(refusal_of(R"({"users":[{"a":1},{"a":1}],"known":"x"})").field, "users") << "same name, other objects";
}

TEST(Fields, RefusesNul) {
  EXPECT_EQ(refusal_of(R"({"known":"a\u0000b"})").field, "known");
  EXPECT_EQ(refusal_of(R"({"known":"a","x":["","\u0000"]})").field, "x[1]");
  EXPECT_THAT(refusal_of(R"({"a\u0000":1})").text, HasSubstr("NUL"));
}

TEST(Fields, RefusesWhatIsNoJson) {
  for (const auto* text : {"", "{", "{}}", "{} {}", "[", "nul", "{\"a\":}", "{'a':1}", "{\"a\":1,}", "/**/{}",
                           "{\"a\":\"\xff\"}", "{\"a\":\"\\ud800\"}", "{\"a\":01}", "\xef\xbb\xbf{}"}) {
    EXPECT_THAT(refusal_of(text).text, HasSubstr("this is not JSON")) << text;
  }
}

TEST(Fields, RefusesWhatIsNoObject) {
  for (const auto* text : {"[]", "1", "\"a\"", "null"}) {
    EXPECT_EQ(refusal_of(text).text, "the body must be a JSON object") << text;
  }
}

TEST(Fields, RefusesDeepNesting) {
  const auto nested = [](std::size_t depth) {
    return "{\"known\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  EXPECT_EQ(refusal_of(nested(31)).text, "known must be a string");
  EXPECT_THAT(refusal_of(nested(32)).text, HasSubstr("deeper"));
  EXPECT_THAT(refusal_of(std::string(100'000, '[')).text, HasSubstr("deeper"));
}

TEST(Fields, RefusesAnotherMediaType) {
  auto request = body("{}");
  request.headers.front().second = "text/plain";
  EXPECT_EQ(Fields(request).finish().error().kind, RefusalKind::unsupported);
  request.headers.clear();
  EXPECT_EQ(Fields(request).finish().error().kind, RefusalKind::unsupported);
}

TEST(Fields, RemembersTheFirstRefusal) {
  Fields fields(body(R"({"a":1,"b":2})"));
  fields.refuse("b", "b is bad");
  fields.text("a");
  EXPECT_EQ(fields.finish().error(), (Refusal{RefusalKind::invalid, "b is bad", "b"}));
}

TEST(Fields, ArePathsInsideOthers) {
  Fields not_an_object(boost::json::value(1), "claims[0]");
  EXPECT_EQ(not_an_object.finish().error().field, "claims[0]");
  Fields inside(boost::json::object{{"k", 1}}, "claims[0]");
  inside.text("k");
  EXPECT_EQ(inside.finish().error(), (Refusal{RefusalKind::invalid, "claims[0].k must be a string", "claims[0].k"}));
}

}  // namespace
}  // namespace spectacles::http
