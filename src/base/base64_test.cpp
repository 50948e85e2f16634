#include "base/base64.h"

#include <gtest/gtest.h>

namespace spectacles {
namespace {

struct Vector {
  const char* bytes;
  const char* base64;
  const char* base64url;
};

// RFC 4648, section 10.
constexpr Vector rfc4648[] = {
    {"", "", ""},
    {"f", "Zg==", "Zg"},
    {"fo", "Zm8=", "Zm8"},
    {"foo", "Zm9v", "Zm9v"},
    {"foob", "Zm9vYg==", "Zm9vYg"},
    {"fooba", "Zm9vYmE=", "Zm9vYmE"},
    {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
};

TEST(Base64, AgreesWithRfc4648) {
  for (const auto& [bytes, base64, base64url] : rfc4648) {
    EXPECT_EQ(to_base64(bytes), base64);
    EXPECT_EQ(to_base64url(bytes), base64url);
    EXPECT_EQ(from_base64(base64), bytes);
    EXPECT_EQ(from_base64url(base64url), bytes);
  }
}

TEST(Base64, AlphabetsDifferInTwoCharacters) {
  const std::string bytes = "\xfb\xff\xbf";
  EXPECT_EQ(to_base64(bytes), "+/+/");
  EXPECT_EQ(to_base64url(bytes), "-_-_");
  EXPECT_FALSE(from_base64("-_-_"));
  EXPECT_FALSE(from_base64url("+/+/"));
}

TEST(Base64, SurvivesEveryByteAndLength) {
  std::string bytes;
  for (int value = 0; value < 256; ++value) {
    bytes += static_cast<char>(value);
    EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
    EXPECT_EQ(from_base64url(to_base64url(bytes)), bytes);
  }
}

TEST(Base64, RefusesWhatTheEncoderWouldNotWrite) {
  for (const std::string& bad :
       {std::string("Zg"), std::string("Zg="), std::string("Zg==="), std::string("Z"), std::string("Z==="),
        std::string("="), std::string("===="), std::string("Zm9v===="), std::string("Zh=="), std::string("Zm9="),
        std::string("Zg==Zg=="), std::string("Zm=v"), std::string("Zm9v\n"), std::string("Zm9v Zm9v"),
        std::string(" m9v"), std::string("Zm9\0", 4), std::string("Zm9\xc3")}) {
    EXPECT_FALSE(from_base64(bad)) << bad;
  }
}

TEST(Base64url, RefusesWhatTheEncoderWouldNotWrite) {
  for (const std::string& bad :
       {std::string("Z"), std::string("Zg=="), std::string("Zm8="), std::string("="), std::string("Zh"),
        std::string("Zm9"), std::string("Zm9vY"), std::string("Zm9v\n"), std::string("Zm 9"), std::string("Zm9v.")}) {
    EXPECT_FALSE(from_base64url(bad)) << bad;
  }
}

TEST(Hex, IsLowerCaseAndTwoDigitsAByte) {
  EXPECT_EQ(to_hex(std::string("\0\x01\x7f\x80\xff", 5)), "00017f80ff");
  EXPECT_EQ(to_hex(""), "");
}

}  // namespace
}  // namespace spectacles
