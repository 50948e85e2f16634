#include "names/service.h"

#include <gmock/gmock.h>

#include "names/names_test.h"

namespace spectacles {
namespace {

TEST(ServiceName, AcceptsWhatRegistriesCallThemselves) {
  expect_accepted<ServiceName>(
      {"Docker registry", "registry.example.com:5000", "a", "J\u00fcrgens Registry", "'x'", std::string(255, 'a')});
}

TEST(ServiceName, IsKeptExactly) {
  EXPECT_FALSE(ServiceName::parse("Registry") == ServiceName::parse("registry"));
  // A registry compares bytes, so that the decomposed form is another name.
  EXPECT_EQ(ServiceName::parse("u\u0308")->str(), "u\u0308");
}

TEST(ServiceName, RefusesWhatNoRegistryMeans) {
  expect_refused<ServiceName>({"", " ", " a", "a ", "a\u00a0", "\u3000a", "a\n", "a\tb", "a\x7f", std::string("a\0", 2),
                               "a\u200b", "\xff", std::string(256, 'a')});
}

TEST(ServiceName, SaysWhereQuotesComeFrom) {
  for (const char* quoted : {"\"Docker registry\"", "\"", "a\"b"}) {
    const auto name = ServiceName::parse(quoted);
    ASSERT_FALSE(name);
    EXPECT_THAT(name.error().text, testing::HasSubstr("without quotes"));
  }
}

}  // namespace
}  // namespace spectacles
