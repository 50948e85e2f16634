#include "registries/examine.h"

#include <gtest/gtest.h>

#include "support/scripted_server.h"

namespace spectacles::registries {
namespace {

using support::http_answer;
using support::ScriptedAnswer;
using support::ScriptedRequest;
using support::ScriptedServer;

constexpr auto challenge =
    "WWW-Authenticate: Bearer realm=\"https://auth.example.org/token_auth\",service=\"Docker registry\"\r\n";

class ExamineTest : public testing::Test {
 protected:
  // As a registry answers: the challenge to who shows nothing, then these.
  ConnectionTest examine_against(int to_token, int to_delete, const std::string& service = "Docker registry") {
    ScriptedServer server([&](const ScriptedRequest& request) {
      requests_.push_back(request);
      if (request.head.find("Authorization:") == std::string::npos)
        return ScriptedAnswer{http_answer(401, challenge, "")};
      return ScriptedAnswer{http_answer(request.method == "DELETE" ? to_delete : to_token, "", "")};
    });
    const Registry registry{.id = RegistryId(1),
                            .name = Label::parse("main").value(),
                            .address = {.url = RegistryUrl::parse(server.url()).value(), .ca = {}, .pin = {}},
                            .public_host = RegistryHost::parse("localhost:5000").value(),
                            .service = ServiceName::parse(service).value(),
                            .key_mode = KeyMode::x5c};
    const ProofTokens tokens{.without_access = [](const Registry&) { return Secret("empty"); },
                             .to_delete = [this](const Registry&, const RepositoryPath& repository) -> Result<Secret> {
                               asked_for_.push_back(repository.str());
                               if (paused_) return refuse(RefusalKind::conflict, "it is paused");
                               return Secret("deleting");
                             }};
    return examine(registry, {}, tokens, SystemClock().now());
  }

  static CheckOutcome outcome_of(const ConnectionTest& test, std::string_view name) {
    for (const auto& check : test.checks) {
      if (check.name == name) return check.outcome;
    }
    ADD_FAILURE() << name;
    return CheckOutcome::failed;
  }

  std::vector<ScriptedRequest> requests_;
  std::vector<std::string> asked_for_;
  bool paused_ = false;
};

TEST_F(ExamineTest, AllIsWell) {
  const auto test = examine_against(200, 404);
  EXPECT_TRUE(test.ok());
  EXPECT_EQ(outcome_of(test, "token"), CheckOutcome::passed);
  EXPECT_EQ(outcome_of(test, "deletes"), CheckOutcome::passed);
  ASSERT_EQ(requests_.size(), 3U);
  EXPECT_EQ(requests_[1].target, "/v2/");
  EXPECT_EQ(requests_[2].method, "DELETE");
  EXPECT_EQ(requests_[2].target.find("/v2/" + asked_for_.at(0) + "/manifests/sha256:"), 0U);
}

TEST_F(ExamineTest, EachTimeSomethingElseThatNobodyHas) {
  examine_against(200, 404);
  examine_against(200, 404);
  EXPECT_NE(asked_for_.at(0), asked_for_.at(1));
}

TEST_F(ExamineTest, DeletesThatAreOffAreAWarning) {
  for (const int status : {405, 403, 500}) {
    const auto test = examine_against(200, status);
    EXPECT_TRUE(test.ok());
    EXPECT_EQ(outcome_of(test, "deletes"), CheckOutcome::warning) << status;
    EXPECT_FALSE(test.checks.back().advice.empty());
  }
}

TEST_F(ExamineTest, ARefusedTokenEndsIt) {
  for (const int status : {401, 403, 502}) {
    const auto test = examine_against(status, 404);
    EXPECT_FALSE(test.ok());
    EXPECT_EQ(outcome_of(test, "token"), CheckOutcome::failed) << status;
    EXPECT_EQ(outcome_of(test, "deletes"), CheckOutcome::skipped);
  }
  EXPECT_TRUE(asked_for_.empty());
}

TEST_F(ExamineTest, WhoStatesAnotherServiceIsShownNoToken) {
  const auto test = examine_against(200, 404, "another");
  EXPECT_EQ(outcome_of(test, "service"), CheckOutcome::failed);
  EXPECT_EQ(outcome_of(test, "token"), CheckOutcome::skipped);
  ASSERT_EQ(requests_.size(), 1U);
  EXPECT_EQ(requests_[0].head.find("Authorization"), std::string::npos);
}

TEST_F(ExamineTest, NothingIsDeletedWhileItIsPaused) {
  paused_ = true;
  const auto test = examine_against(200, 404);
  EXPECT_TRUE(test.ok());
  EXPECT_EQ(outcome_of(test, "deletes"), CheckOutcome::skipped);
  EXPECT_EQ(requests_.size(), 2U);
}

}  // namespace
}  // namespace spectacles::registries
