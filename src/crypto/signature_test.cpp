#include <gtest/gtest.h>
#include <openssl/err.h>

#include <atomic>
#include <thread>

#include "crypto/key.h"
#include "crypto/vectors_test.h"

namespace spectacles::crypto {
namespace {

class SignatureTest : public testing::Test {
 protected:
  ~SignatureTest() override { EXPECT_EQ(ERR_peek_error(), 0U); }

  PrivateKey accepted(const char* name) const {
    return PrivateKey::parse_pem(text_of(samples.at("private_accepted").at(name))).value();
  }

  boost::json::object samples = load_vectors("keys.json");
};

TEST_F(SignatureTest, EcIsRawAndOfFixedLength) {
  const auto p256 = PrivateKey::generate_p256();
  const auto p384 = accepted("sec1_p384");
  // One signature in 128 has a leading zero in r or s: enough rounds to meet some.
  for (int i = 0; i < 600; ++i) {
    const std::string text = std::to_string(i);
    const std::string signature = p256.sign(text);
    ASSERT_EQ(signature.size(), 64U);
    ASSERT_TRUE(verify_signature(p256.public_key(), text, signature));
  }
  EXPECT_EQ(p384.sign("text").size(), 96U);
  EXPECT_TRUE(verify_signature(p384.public_key(), "text", p384.sign("text")));
}

TEST_F(SignatureTest, RsaIsAsLongAsTheModulus) {
  const auto rsa = accepted("pkcs1_rsa2048");
  EXPECT_EQ(rsa.sign("text").size(), 256U);
  EXPECT_TRUE(verify_signature(rsa.public_key(), "text", rsa.sign("text")));
}

TEST_F(SignatureTest, IsBoundToTheBytesAndTheKey) {
  for (const auto& key : {accepted("pkcs1_rsa2048"), accepted("pkcs8_p256"), accepted("sec1_p384")}) {
    const std::string signature = key.sign("text");
    EXPECT_FALSE(verify_signature(key.public_key(), "texT", signature));
    EXPECT_FALSE(verify_signature(key.public_key(), "", signature));
    EXPECT_FALSE(verify_signature(PrivateKey::generate_p256().public_key(), "text", signature));
    for (const std::size_t at : {std::size_t{0}, signature.size() / 2, signature.size() - 1}) {
      std::string changed = signature;
      changed[at] = static_cast<char>(changed[at] ^ 1);
      EXPECT_FALSE(verify_signature(key.public_key(), "text", changed));
    }
  }
}

TEST_F(SignatureTest, RefusesOtherForms) {
  const auto key = PrivateKey::generate_p256();
  const std::string good = key.sign("text");
  for (const std::string& bad :
       {std::string(), std::string(1, '\0'), good.substr(0, 63), good + '\0', std::string(64, '\0'),
        std::string(64, '\xff'), good.substr(0, 32) + std::string(32, '\0'), std::string(32, '\0') + good.substr(32)}) {
    EXPECT_FALSE(verify_signature(key.public_key(), "text", bad));
  }
  const auto rsa = accepted("pkcs1_rsa2048");
  for (const std::string& bad : {std::string(), std::string(256, '\0'), std::string(256, '\xff'),
                                 '\0' + rsa.sign("text"), rsa.sign("text").substr(1)}) {
    EXPECT_FALSE(verify_signature(rsa.public_key(), "text", bad));
  }
}

TEST_F(SignatureTest, SignsEmptyText) {
  const auto key = PrivateKey::generate_p256();
  EXPECT_TRUE(verify_signature(key.public_key(), {}, key.sign({})));
}

TEST_F(SignatureTest, ManyThreadsSignWithOneKey) {
  for (const auto& key : {accepted("pkcs1_rsa2048"), PrivateKey::generate_p256()}) {
    std::atomic<int> verified = 0;
    constexpr int thread_count = 8;
    std::vector<std::thread> threads;
    threads.reserve(thread_count);
    for (int t = 0; t < thread_count; ++t) {
      threads.emplace_back([&key, &verified, t] {
        for (int i = 0; i < 20; ++i) {
          const std::string text = std::to_string(t) + ' ' + std::to_string(i);
          if (verify_signature(key.public_key(), text, key.sign(text))) ++verified;
        }
      });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(verified, thread_count * 20);
  }
}

}  // namespace
}  // namespace spectacles::crypto
