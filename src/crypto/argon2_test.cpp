#include "crypto/argon2.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace spectacles::crypto {
namespace {

constexpr Argon2Cost cheap{.memory_kib = 64, .passes = 1, .lanes = 1};

// Of the reference implementation's own tests (phc-winner-argon2, version 19).
struct Vector {
  const char* password;
  const char* phc;
};
constexpr Vector reference[] = {
    {"password", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"},
    {"password", "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"},
    {"password", "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc"},
    {"differentpassword", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$C4TWUs9rDEvq7w3+J4umqA32aWKB1+DSiRuBfYxFj94"},
    {"password", "$argon2id$v=19$m=65536,t=2,p=1$ZGlmZnNhbHQ$vfMrBczELrFdWP0ZsfhWsRPaHppYdP3MVEMIVlqoFBw"},
};

TEST(Argon2id, VerifiesTheReferenceVectors) {
  for (const auto& [password, phc] : reference) {
    ASSERT_TRUE(check_argon2id(phc)) << phc;
    EXPECT_TRUE(argon2id_verify(Secret(password), phc)) << phc;
    EXPECT_FALSE(argon2id_verify(Secret(std::string(password) + "x"), phc)) << phc;
  }
}

TEST(Argon2id, VerifiesWhatItHashed) {
  const Secret password("correct horse battery staple");
  const std::string phc = argon2id_hash(password, cheap);
  EXPECT_TRUE(check_argon2id(phc));
  EXPECT_TRUE(phc.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
  EXPECT_TRUE(argon2id_verify(password, phc));
  EXPECT_FALSE(argon2id_verify(Secret("Correct horse battery staple"), phc));
  EXPECT_FALSE(argon2id_verify(Secret(""), phc));
}

TEST(Argon2id, CostsTheDocumentedAmountByDefault) {
  EXPECT_TRUE(argon2id_hash(Secret("x")).starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
}

TEST(Argon2id, SaltsEachHashAnew) {
  EXPECT_NE(argon2id_hash(Secret("same"), cheap), argon2id_hash(Secret("same"), cheap));
}

TEST(Argon2id, TakesPasswordsWhole) {
  const std::string with_nul("left\0right", 10);
  const std::string nul_phc = argon2id_hash(Secret(with_nul), cheap);
  EXPECT_TRUE(argon2id_verify(Secret(with_nul), nul_phc));
  EXPECT_FALSE(argon2id_verify(Secret("left"), nul_phc));

  const std::string long_phc = argon2id_hash(Secret(std::string(1000, 'a')), cheap);
  EXPECT_FALSE(argon2id_verify(Secret(std::string(999, 'a')), long_phc));
  EXPECT_TRUE(argon2id_verify(Secret(""), argon2id_hash(Secret(""), cheap)));
}

TEST(Argon2id, DoesNotVerifyAgainstWhatWasNotChecked) {
  EXPECT_THROW(argon2id_verify(Secret("x"), "plain text"), std::invalid_argument);
  EXPECT_THROW(argon2id_verify(Secret("x"), ""), std::invalid_argument);
}

std::string phc_of(const std::string& cost) {
  return "$argon2id$v=19$" + cost + "$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
}

TEST(CheckArgon2id, BoundsTheCost) {
  for (const char* cost : {"m=8,t=1,p=1", "m=1048576,t=16,p=16", "m=128,t=1,p=16"}) {
    EXPECT_TRUE(check_argon2id(phc_of(cost))) << cost;
  }
  for (const char* cost :
       {"m=1048577,t=1,p=1", "m=64,t=17,p=1", "m=1024,t=1,p=17", "m=4294967295,t=1,p=1", "m=4294967296,t=1,p=1",
        "m=18446744073709551624,t=1,p=1", "m=7,t=1,p=1", "m=127,t=1,p=16", "m=64,t=0,p=1", "m=64,t=1,p=0"}) {
    EXPECT_FALSE(check_argon2id(phc_of(cost))) << cost;
  }
}

TEST(CheckArgon2id, RefusesOtherForms) {
  const std::string good = phc_of("m=64,t=1,p=1");
  ASSERT_TRUE(check_argon2id(good));
  for (const std::string& bad :
       {std::string(),
        std::string("$"),
        good + "$",
        good + "=",
        good + " ",
        good + "\n",
        good + std::string(1, '\0'),
        " " + good,
        good.substr(0, good.size() - 1),
        phc_of("m=64,t=1,p=01"),
        phc_of("m=+64,t=1,p=1"),
        phc_of("m=-64,t=1,p=1"),
        phc_of("m= 64,t=1,p=1"),
        phc_of("t=1,m=64,p=1"),
        phc_of("m=64,t=1,p=1,keyid=x"),
        phc_of("m=64,t=1"),
        phc_of(""),
        std::string("$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$") + good.substr(40),
        std::string("$argon2id$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"),
        std::string("$argon2id$v=16$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"),
        std::string("$argon2id$v=19$m=64,t=1,p=1$c2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"),
        std::string("$argon2id$v=19$m=64,t=1,p=1$$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"),
        std::string("$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$"),
        std::string("$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFQ"),
        std::string("$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$") + std::string(400, 'A'),
        std::string("$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPP-"),
        std::string("$2b$12$abcdefghijklmnopqrstuuGWo4tBUmQzO4RVWPR3RUb8WY3VqUnmO"),
        std::string("password")}) {
    EXPECT_FALSE(check_argon2id(bad)) << bad;
  }
}

TEST(CheckArgon2id, DoesNotRepeatTheHash) {
  EXPECT_EQ(check_argon2id("hunter2").error().text.find("hunter2"), std::string::npos);
}

}  // namespace
}  // namespace spectacles::crypto
