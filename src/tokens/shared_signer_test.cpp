#include "tokens/shared_signer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "base/waiting.h"
#include "tokens/signing_test.h"

namespace spectacles::tokens {
namespace {

Granted pull_of(const std::string& path) {
  return {.repositories = {{RepositoryPath::parse(path).value(), {Action::pull}}}, .catalog = false};
}

class SharedSignerTest : public testing::Test {
 protected:
  std::string sign(const std::string& subject, const std::string& path, std::int64_t id = 1) {
    return shared_
        .sign(make_test_registry("service " + std::to_string(id), registries::KeyMode::x5c, id), subject, pull_of(path))
        ->text.reveal();
  }

  ManualClock clock_{from_millis(1'772'366'400'500)};
  registries::SigningKey key_ = make_test_key(clock_.now());
  Signer signer_{key_, "Auth service", std::chrono::seconds(300), clock_};
  SharedSigner shared_{signer_, clock_};
};

TEST_F(SharedSignerTest, EqualTokensAreOneForTwoSeconds) {
  const auto first = sign("alice", "team/app");
  clock_.advance(SharedSigner::shared_for - std::chrono::milliseconds(1));
  EXPECT_EQ(sign("alice", "team/app"), first);
  clock_.advance(std::chrono::milliseconds(1));
  EXPECT_NE(sign("alice", "team/app"), first);
}

TEST_F(SharedSignerTest, NobodySharesWithAnotherSubjectGrantOrRegistry) {
  const std::set<std::string> all = {sign("alice", "team/app"), sign("bob", "team/app"), sign("", "team/app"),
                                     sign("alice", "team/ap"), sign("alice", "team/app", 2)};
  EXPECT_EQ(all.size(), 5U);
}

TEST_F(SharedSignerTest, AClockThatGoesBackSharesNothing) {
  const auto first = sign("alice", "team/app");
  clock_.advance(std::chrono::seconds(-10));
  EXPECT_NE(sign("alice", "team/app"), first);
}

TEST_F(SharedSignerTest, ManyAtOnceGetOneToken) {
  std::set<std::string> tokens;
  std::mutex mutex;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 16; ++i) {
      threads.emplace_back([&] {
        auto token = sign("alice", "team/app");
        const std::lock_guard lock(mutex);
        tokens.insert(std::move(token));
      });
    }
  }
  EXPECT_EQ(tokens.size(), 1U);
}

TEST_F(SharedSignerTest, WhereNobodyMayWaitSignsOnlyWhatTakesNotLong) {
  const MustNotWait here;
  EXPECT_EQ(sign("alice", "team/app"), sign("alice", "team/app"));
}

TEST_F(SharedSignerTest, WhereNobodyMayWaitGivesOutWhatASlowKeyHasSigned) {
  const auto slow = make_test_key(clock_.now(), crypto::PrivateKey::parse_pem(slow_key_pem()).value());
  const Signer signer(slow, "Auth service", std::chrono::seconds(300), clock_);
  SharedSigner shared(signer, clock_);
  const auto registry = make_test_registry("Docker registry", registries::KeyMode::x5c);
  const auto sign_at_once = [&] {
    const MustNotWait here;
    return shared.sign(registry, "alice", pull_of("team/app"));
  };
  EXPECT_EQ(sign_at_once(), nullptr);
  const auto token = shared.sign(registry, "alice", pull_of("team/app"));
  ASSERT_NE(token, nullptr);
  EXPECT_EQ(sign_at_once(), token);
}

TEST_F(SharedSignerTest, EndlesslyManyTokensFillNoMemory) {
  for (int i = 0; i < 4'500; ++i) sign("alice", "team/app" + std::to_string(i));
}

}  // namespace
}  // namespace spectacles::tokens
