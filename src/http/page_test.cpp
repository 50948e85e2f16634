#include "http/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace spectacles::http {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Key;
using testing::Not;
using testing::Pair;

Parameters query(std::vector<std::pair<std::string, std::string>> pairs) {
  return Parameters(std::move(pairs));
}

Request request_for(const std::string& raw_query) {
  Request request;
  request.path = "/api/v1/users";
  request.raw_query = raw_query;
  return request;
}

std::string link_of(const Response& response) {
  for (const auto& [name, value] : response.headers) {
    if (name == "Link") return value;
  }
  return "";
}

// The query of the next page, as a client would send it.
Parameters next_query(const Response& response) {
  const auto link = link_of(response);
  const auto from = link.find('?') + 1;
  return Parameters::parse_form(link.substr(from, link.find('>') - from)).value();
}

TEST(ParsePage, HasDefaults) {
  const auto page = parse_page(query({}), 1);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->limit, 50U);
  EXPECT_THAT(page->after, IsEmpty());
  EXPECT_THAT(parse_page(query({{"cursor", ""}, {"unknown", "x"}}), 1)->after, IsEmpty());
}

TEST(ParsePage, LimitsFrom1To500) {
  EXPECT_EQ(parse_page(query({{"limit", "1"}}), 1)->limit, 1U);
  EXPECT_EQ(parse_page(query({{"limit", "500"}}), 1)->limit, 500U);
  for (const auto* limit : {"0", "501", "-1", "", "ten", "1.5", "5x", " 5", "+5", "99999999999999999999"}) {
    const auto refused = parse_page(query({{"limit", limit}}), 1);
    ASSERT_FALSE(refused) << limit;
    EXPECT_EQ(refused.error().kind, RefusalKind::invalid);
    EXPECT_EQ(refused.error().field, "limit");
  }
}

TEST(ParsePage, RefusesForeignCursors) {
  // base64url of: "x", [], [1], {"a":"b"}, ["a","b"], [["a"]], and what is no base64url or no JSON.
  for (const auto* cursor :
       {"Ingi", "W10", "WzFd", "eyJhIjoiYiJ9", "WyJhIiwiYiJd", "W1siYSJdXQ", "!", "W10=", "eA", "_____w"}) {
    const auto refused = parse_page(query({{"cursor", cursor}}), 1);
    ASSERT_FALSE(refused) << cursor;
    EXPECT_EQ(refused.error().field, "cursor");
  }
  EXPECT_THAT(parse_page(query({{"cursor", "WyJhIl0"}}), 1)->after, ElementsAre("a"));
}

TEST(Page, TheNextOneStartsAfterTheLastRow) {
  const auto response = page(request_for("limit=2&search=a%20%26b&cursor=WyJhIl0"), {1, 2}, 7, {{"z\xc3\xa4", ""}});
  EXPECT_EQ(response.body, "[1,2]");
  EXPECT_THAT(response.headers, Contains(Pair("X-Total-Count", "7")));
  EXPECT_THAT(link_of(response), testing::StartsWith("</api/v1/users?"));
  EXPECT_THAT(link_of(response), testing::EndsWith(">; rel=\"next\""));
  const auto next = next_query(response);
  EXPECT_EQ(next.first("search"), "a &b");
  EXPECT_EQ(next.all("cursor").size(), 1U) << "in place of the old one";
  const auto parsed = parse_page(next, 2);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->limit, 2U);
  EXPECT_THAT(parsed->after, ElementsAre("z\xc3\xa4", ""));
}

TEST(Page, TheLastOneHasNoLink) {
  EXPECT_THAT(page(request_for(""), {}, 0, std::nullopt).headers, Not(Contains(Key("Link"))));
}

TEST(Page, NothingBreaksOutOfTheLink) {
  const auto link = link_of(page(request_for("q=%3E%3B%20rel%3D%22prev%22%0D%0A"), {}, 9, {{"a"}}));
  EXPECT_EQ(link.find('>'), link.rfind('>'));
  EXPECT_EQ(link.find_first_of("\r\n "), link.find(' '));
}

TEST(CutToPage, TellsWhetherMoreFollow) {
  const auto key_of = [](int row) { return std::vector{std::to_string(row)}; };
  const PageRequest two{.limit = 2, .after = {}};
  std::vector<int> rows{1, 2, 3};
  const auto next = cut_to_page(rows, two, key_of);
  EXPECT_THAT(rows, ElementsAre(1, 2));
  ASSERT_TRUE(next);
  EXPECT_THAT(*next, ElementsAre("2"));
  EXPECT_FALSE(cut_to_page(rows, two, key_of)) << "exactly full, and nothing follows";
}

const Sorting by_name_or_age{.allowed = {"name", "age"}, .standard = "name"};

TEST(ParsePage, ReadsWhatAListIsSortedBy) {
  EXPECT_EQ(parse_page(query({}), 1, by_name_or_age)->order, (Order{"name", false}));
  EXPECT_EQ(parse_page(query({{"sort", ""}}), 1, by_name_or_age)->order, (Order{"name", false}));
  EXPECT_EQ(parse_page(query({{"sort", "-age"}}), 1, by_name_or_age)->order, (Order{"age", true}));
  for (const auto* wrong : {"size", "-", "--age", "AGE", "age,name", " age"}) {
    const auto refused = parse_page(query({{"sort", wrong}}), 1, by_name_or_age);
    ASSERT_FALSE(refused) << wrong;
    EXPECT_EQ(refused.error().field, "sort");
    EXPECT_EQ(refused.error().text, "sort is one of name, -name, age, -age");
  }
}

struct Person {
  std::string name;
  std::int64_t age;
};

std::vector<std::string> names_page_by_page(const std::string& sort, std::size_t limit) {
  const std::vector<Person> people = {{"dora", 7}, {"alma", 10}, {"carl", -3}, {"bert", 7}};
  std::vector<std::string> names;
  Parameters next = query({{"sort", sort}});
  while (true) {
    auto page_request = parse_page(next, 2, by_name_or_age).value();
    page_request.limit = limit;
    auto rows = people;
    const auto last = sort_to_page(rows, page_request, [&](const Person& one) {
      return page_request.order.by == "name" ? std::vector{one.name, sortable(one.age)}
                                             : std::vector{sortable(one.age), one.name};
    });
    for (const auto& one : rows) names.push_back(one.name);
    if (!last) return names;
    next = next_query(page(request_for("sort=" + sort), {}, 4, last));
  }
}

TEST(SortToPage, GivesEveryRowOnceInOrder) {
  for (const std::size_t limit : {1U, 2U, 3U, 10U}) {
    EXPECT_THAT(names_page_by_page("name", limit), ElementsAre("alma", "bert", "carl", "dora"));
    EXPECT_THAT(names_page_by_page("-name", limit), ElementsAre("dora", "carl", "bert", "alma"));
    EXPECT_THAT(names_page_by_page("age", limit), ElementsAre("carl", "bert", "dora", "alma"));
    EXPECT_THAT(names_page_by_page("-age", limit), ElementsAre("alma", "bert", "dora", "carl"));
  }
}

TEST(ParsePage, RefusesACursorOfAnotherOrder) {
  const auto next = next_query(page(request_for("sort=age"), {}, 4, std::vector<std::string>{"age", "1", "x"}));
  EXPECT_TRUE(parse_page(next, 2, by_name_or_age));
  auto pairs = next.pairs();
  for (auto& [name, value] : pairs) {
    if (name == "sort") value = "-age";
  }
  EXPECT_EQ(parse_page(query(pairs), 2, by_name_or_age).error().field, "cursor");
}

}  // namespace
}  // namespace spectacles::http
