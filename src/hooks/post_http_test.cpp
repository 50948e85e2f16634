#include "hooks/post_http.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/scripted_server.h"

namespace spectacles::hooks {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class PostTest : public testing::Test {
 protected:
  PostAnswer post_to(support::ScriptedServer::Script script, PostLimits limits = {}) {
    support::ScriptedServer server(std::move(script));
    auto answer = post(WebhookUrl::parse(server.url() + "/in?a=b").value(), {{"X-Spectacles-Event", "push"}},
                       R"({"a":1})", limits, {});
    requests_ = server.requests();
    return answer;
  }

  PostAnswer post_to(int status, const std::string& headers = "", const std::string& body = "") {
    return post_to([&](const auto&) { return support::ScriptedAnswer{support::http_answer(status, headers, body)}; });
  }

  std::vector<support::ScriptedRequest> requests_;
};

TEST_F(PostTest, SendsBodyAndHeaders) {
  EXPECT_TRUE(post_to(204).is_success());
  ASSERT_EQ(requests_.size(), 1U);
  EXPECT_EQ(requests_[0].method, "POST");
  EXPECT_EQ(requests_[0].target, "/in?a=b");
  EXPECT_THAT(requests_[0].head, HasSubstr("X-Spectacles-Event: push\r\n"));
  EXPECT_THAT(requests_[0].head, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(requests_[0].head, HasSubstr("Content-Length: 7\r\n"));
}

TEST_F(PostTest, OnlySuccessCounts) {
  for (const int status : {301, 400, 404, 410, 500, 503}) {
    const auto answer = post_to(status, "", "what it says is shown to nobody");
    EXPECT_EQ(answer.status, status);
    EXPECT_FALSE(answer.is_success());
    EXPECT_THAT(answer.problem, Not(HasSubstr("shown")));
  }
}

TEST_F(PostTest, RedirectsAreNotFollowed) {
  EXPECT_EQ(post_to(307, "Location: http://127.0.0.1:1/\r\n").status, 307);
  EXPECT_EQ(requests_.size(), 1U);
}

TEST_F(PostTest, AnEndlessAnswerIsNotRead) {
  EXPECT_TRUE(post_to(200, "", std::string(std::size_t{1} << 20, 'x')).is_success());
}

TEST_F(PostTest, WhoDoesNotAnswerInTimeHasNotAnswered) {
  const auto answer = post_to(
      [](const auto&) {
        return support::ScriptedAnswer{support::http_answer(200, "", ""), 200ms};
      },
      {.connect = 1000ms, .total = 300ms});
  EXPECT_EQ(answer.status, std::nullopt);
  EXPECT_NE(answer.problem, "");
}

TEST_F(PostTest, WhereNobodyListensIsAProblem) {
  const auto answer = post(WebhookUrl::parse("http://127.0.0.1:1/").value(), {}, "", {}, {});
  EXPECT_EQ(answer.status, std::nullopt);
  EXPECT_NE(answer.problem, "");
}

}  // namespace
}  // namespace spectacles::hooks
