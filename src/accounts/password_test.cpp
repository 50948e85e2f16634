#include "accounts/password.h"

#include <gtest/gtest.h>

#include <thread>

namespace spectacles::accounts {
namespace {

Secret repeated(std::string_view character, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += character;
  return Secret(text);
}

TEST(NormalizePassword, BoundsTheWork) {
  EXPECT_TRUE(normalize_password(repeated("a", 4096)));
  EXPECT_FALSE(normalize_password(repeated("a", 4097)));
}

constexpr std::string_view composed = "\xc3\xa9";     // e with an acute accent as one character
constexpr std::string_view decomposed = "e\xcc\x81";  // the same as two

class PasswordHasherTest : public testing::Test {
 protected:
  PasswordHasher hasher_{2};
};

TEST_F(PasswordHasherTest, VerifiesTheSamePasswordOnly) {
  const auto phc = hasher_.hash(Secret("correct horse"));
  EXPECT_TRUE(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
  EXPECT_TRUE(hasher_.verify(Secret("correct horse"), phc));
  for (const auto* other : {"correct horse ", "Correct horse", "correct hors", ""}) {
    EXPECT_FALSE(hasher_.verify(Secret(other), phc)) << other;
  }
}

TEST_F(PasswordHasherTest, EqualSpellingsVerify) {
  const auto phc = hasher_.hash(normalize_password(repeated(decomposed, 8)).value());
  EXPECT_TRUE(hasher_.verify(repeated(composed, 8), phc));
  EXPECT_TRUE(hasher_.verify(repeated(decomposed, 8), phc));
  EXPECT_FALSE(hasher_.verify(repeated("e", 8), phc));
}

TEST_F(PasswordHasherTest, TheWholePasswordCounts) {
  const auto longest = repeated("a", 256);
  const auto phc = hasher_.hash(longest);
  EXPECT_TRUE(hasher_.verify(longest, phc));
  EXPECT_FALSE(hasher_.verify(repeated("a", 255), phc));
  EXPECT_FALSE(hasher_.verify(Secret(std::string(255, 'a') + "b"), phc));
  const auto with_nul = hasher_.hash(Secret("12345678"));
  EXPECT_FALSE(hasher_.verify(Secret(std::string("12345678\0x", 10)), with_nul)) << "nothing ends at a NUL";
}

TEST_F(PasswordHasherTest, NobodysPasswordIsNeverRight) {
  EXPECT_FALSE(hasher_.verify(Secret("whatever it is"), std::nullopt));
  const auto cost_of = [](std::string_view phc) { return phc.substr(0, phc.rfind('$', phc.rfind('$') - 1)); };
  EXPECT_EQ(cost_of(PasswordHasher::nobodys_hash), cost_of(hasher_.hash(Secret("12345678")))) << "so it takes as long";
  EXPECT_FALSE(hasher_.verify(Secret("\xff"), hasher_.hash(Secret("12345678"))));
}

TEST_F(PasswordHasherTest, ManyAtOnceTakeTurns) {
  const auto phc = hasher_.hash(Secret("12345678"));
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] { right += hasher_.verify(Secret("12345678"), phc) ? 1 : 0; });
    }
  }
  EXPECT_EQ(right, 8);
}

}  // namespace
}  // namespace spectacles::accounts
