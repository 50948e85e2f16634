#include "crypto/derived_secrets.h"

#include <gtest/gtest.h>

namespace spectacles::crypto {
namespace {

TEST(DerivedSecrets, FollowFromKeyAndPurposeAlone) {
  const DerivedSecrets secrets(Secret("the server's key"));
  const auto one = secrets.derive("registry 1, version 1");
  EXPECT_EQ(one, DerivedSecrets(Secret("the server's key")).derive("registry 1, version 1"));
  EXPECT_NE(one, secrets.derive("registry 1, version 2"));
  EXPECT_NE(one, DerivedSecrets(Secret("another key")).derive("registry 1, version 1"));
  EXPECT_EQ(one.reveal().size(), 43U);
}

}  // namespace
}  // namespace spectacles::crypto
