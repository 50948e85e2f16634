#include "names/natural_key.h"

#include <gtest/gtest.h>

#include <vector>

namespace spectacles {
namespace {

TEST(NaturalKey, NumbersCompareByTheirValue) {
  const std::vector<std::string> in_order{
      "",       "-1", ".",        "0",        "1",         "1-rc2",        "1-rc10", "1.9", "1.10", "2",
      "9",      "10", "12345678", "99999999", "100000000", "123456789012", "A",      "_",   "a",    "a/2",
      "a/10/b", "a1", "a2b",      "a10a",     "v1.9",      "v1.9.1",       "v1.10",  "v2",  "v10",  "z"};
  for (std::size_t at = 1; at < in_order.size(); ++at) {
    EXPECT_LT(natural_key(in_order[at - 1]), natural_key(in_order[at])) << in_order[at - 1] << " " << in_order[at];
  }
}

TEST(NaturalKey, LeadingZerosDoNotCount) {
  EXPECT_EQ(natural_key("v007"), natural_key("v7"));
  EXPECT_EQ(natural_key("000"), natural_key("0"));
  EXPECT_LT(natural_key("v007"), natural_key("v08"));
}

TEST(NaturalKey, FitsItsColumn) {
  for (const std::string part : {"1", "1a", "a1", "123456789a", "99999999x", "00a"}) {
    std::string name;
    while (name.size() + part.size() <= 255) name += part;
    EXPECT_LE(natural_key(name).size(), most_natural_key_bytes) << part;
  }
  EXPECT_LE(natural_key(std::string(255, '9')).size(), most_natural_key_bytes);
}

}  // namespace
}  // namespace spectacles
