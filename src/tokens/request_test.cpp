#include "tokens/request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spectacles::tokens {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

SentParameters get() {
  SentParameters sent;
  sent.service = "Docker registry";
  sent.scopes = {"repository:a:pull"};
  return sent;
}

SentParameters get_with_basic(const std::string& user, const std::string& password = "secret-word") {
  auto sent = get();
  sent.basic = SentParameters::Basic{user, Secret(password)};
  return sent;
}

SentParameters post(const std::string& user = "alice", const std::string& password = "secret-word") {
  auto sent = get();
  sent.is_post = true;
  sent.grant_type = "password";
  sent.username = user;
  sent.password = Secret(password);
  return sent;
}

void expect_refused(const SentParameters& sent, RefusalKind kind, const std::string& field = "") {
  const auto request = check_request(sent);
  ASSERT_FALSE(request);
  EXPECT_EQ(request.error().kind, kind) << request.error().text;
  EXPECT_EQ(request.error().field, field);
  EXPECT_THAT(request.error().text, Not(HasSubstr("secret-word")));
}

TEST(TokenRequest, AnonymousWithAScope) {
  const auto request = check_request(get());
  ASSERT_TRUE(request);
  EXPECT_EQ(request->service, "Docker registry");
  EXPECT_FALSE(request->credentials);
  EXPECT_THAT(request->scopes, ElementsAre("repository:a:pull"));
  EXPECT_FALSE(request->answers_scope);
  EXPECT_EQ(request->client_id, "") << "never needed";
}

TEST(TokenRequest, NeitherCredentialsNorScopeIsAskedToSignIn) {
  auto sent = get();
  sent.scopes = {};
  expect_refused(sent, RefusalKind::unauthenticated);
  sent.scopes = {""};
  expect_refused(sent, RefusalKind::unauthenticated);
  sent = get_with_basic("alice");
  sent.scopes = {"", ""};
  const auto login = check_request(sent);
  ASSERT_TRUE(login) << "that is how docker login asks";
  EXPECT_THAT(login->scopes, ElementsAre());
}

TEST(TokenRequest, NeedsAService) {
  for (const auto& service : {std::optional<std::string>(), std::optional<std::string>("")}) {
    auto sent = get_with_basic("alice");
    sent.service = service;
    expect_refused(sent, RefusalKind::invalid, "service");
    sent = post();
    sent.service = service;
    expect_refused(sent, RefusalKind::invalid, "service");
  }
}

TEST(TokenRequest, AccountIsOnlyAHint) {
  auto sent = get();
  sent.account = "admin";
  const auto anonymous = check_request(sent);
  ASSERT_TRUE(anonymous);
  EXPECT_FALSE(anonymous->credentials) << "an account is nobody";

  sent = get_with_basic("alice");
  for (const auto* account : {"alice", "ALICE", "Alice"}) {
    sent.account = account;
    ASSERT_TRUE(check_request(sent)) << account;
    EXPECT_EQ(check_request(sent)->credentials->user, "alice");
  }
  for (const auto* account : {"bob", "", "alice ", "\xc3\x84lice"}) {
    sent.account = account;
    expect_refused(sent, RefusalKind::invalid, "account");
  }
}

TEST(TokenRequest, EmptyBasicUserComesWithARefreshToken) {
  auto sent = get_with_basic("", "refresh");
  ASSERT_TRUE(check_request(sent));
  EXPECT_EQ(check_request(sent)->credentials->user, "") << "credentials that prove nobody, not nobody signed in";
  sent.account = "alice";
  EXPECT_TRUE(check_request(sent));
}

TEST(TokenRequest, AQueryStringNeverAuthenticates) {
  auto sent = get();
  sent.username = "alice";
  sent.password = Secret("secret-word");
  sent.grant_type = "password";
  const auto request = check_request(sent);
  ASSERT_TRUE(request);
  EXPECT_FALSE(request->credentials);
}

TEST(TokenRequest, PostWithPassword) {
  auto sent = post();
  sent.client_id = "containerd-client";
  sent.account = "bob";
  const auto request = check_request(sent);
  ASSERT_TRUE(request) << "account says nothing in a form";
  EXPECT_EQ(request->credentials->user, "alice");
  EXPECT_EQ(request->credentials->password, Secret("secret-word"));
  EXPECT_EQ(request->client_id, "containerd-client");
  EXPECT_TRUE(request->answers_scope);
}

TEST(TokenRequest, OtherGrantTypes) {
  auto sent = post();
  for (const auto* grant_type : {"", "PASSWORD", "client_credentials", "authorization_code"}) {
    sent.grant_type = grant_type;
    expect_refused(sent, RefusalKind::invalid, "grant_type");
  }
  sent.grant_type.reset();
  expect_refused(sent, RefusalKind::invalid, "grant_type");
  sent.grant_type = "refresh_token";
  expect_refused(sent, RefusalKind::unauthenticated);
}

TEST(TokenRequest, PostNeedsBothHalves) {
  auto sent = post();
  sent.username.reset();
  expect_refused(sent, RefusalKind::invalid, "username");
  sent = post();
  sent.password.reset();
  expect_refused(sent, RefusalKind::invalid, "password");
  sent.username.reset();
  expect_refused(sent, RefusalKind::invalid, "username");
}

TEST(TokenRequest, FormAndBasicMustBeTheSame) {
  auto sent = post();
  sent.basic = SentParameters::Basic{"alice", Secret("secret-word")};
  EXPECT_EQ(check_request(sent)->credentials->user, "alice");
  sent.basic = SentParameters::Basic{"ALICE", Secret("secret-word")};
  EXPECT_TRUE(check_request(sent)) << "one user, written otherwise";
  sent.basic = SentParameters::Basic{"bob", Secret("secret-word")};
  expect_refused(sent, RefusalKind::invalid, "username");
  sent.basic = SentParameters::Basic{"alice", Secret("Secret-word")};
  expect_refused(sent, RefusalKind::invalid, "username");

  sent.username.reset();
  sent.password.reset();
  ASSERT_TRUE(check_request(sent)) << "Basic alone will do for a POST";
  EXPECT_EQ(check_request(sent)->credentials->password, Secret("Secret-word"));
}

}  // namespace
}  // namespace spectacles::tokens
