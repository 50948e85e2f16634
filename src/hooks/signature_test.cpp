#include "hooks/signature.h"

#include <gtest/gtest.h>

namespace spectacles::hooks {
namespace {

// echo -n '1700000000.{"a":1}' | openssl dgst -sha256 -hmac secret
TEST(Signature, IsThatOfOpenssl) {
  EXPECT_EQ(sign(Secret("secret"), 1700000000, R"({"a":1})"),
            "sha256=49f24e537407743fa4a0242bb63b94b9a47ee99cbbe071ccd8a22550ae411686");
}

TEST(Signature, EachWebhookAndVersionHasItsOwnSecret) {
  const crypto::DerivedSecrets secrets(Secret("key"));
  const auto one = secret_of(secrets, WebhookId(1), 1);
  EXPECT_EQ(one, secret_of(secrets, WebhookId(1), 1));
  EXPECT_NE(one, secret_of(secrets, WebhookId(1), 2));
  EXPECT_NE(one, secret_of(secrets, WebhookId(11), 1));
}

}  // namespace
}  // namespace spectacles::hooks
