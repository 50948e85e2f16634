#include "crypto/random.h"

#include <gtest/gtest.h>

#include <set>

#include "base/base64.h"

namespace spectacles::crypto {
namespace {

TEST(Random, GivesAsManyBytesAsAskedFor) {
  for (const std::size_t count : {0U, 1U, 16U, 1000U}) EXPECT_EQ(random_bytes(count).size(), count);
}

TEST(Random, TokensAre32BytesInBase64url) {
  const auto bytes = from_base64url(random_token());
  ASSERT_TRUE(bytes);
  EXPECT_EQ(bytes->size(), 32U);
}

TEST(Random, NothingComesTwice) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(seen.insert(random_token()).second);
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(seen.insert(random_id()).second);
}

TEST(Random, EveryBitVaries) {
  unsigned char ones = 0;
  unsigned char zeros = 0;
  for (const char c : random_bytes(1000)) {
    ones = static_cast<unsigned char>(ones | c);
    zeros = static_cast<unsigned char>(zeros | ~c);
  }
  EXPECT_EQ(ones, 0xff);
  EXPECT_EQ(zeros, 0xff);
}

}  // namespace
}  // namespace spectacles::crypto
