#include "names/service.h"

#include <gmock/gmock.h>

#include "names/names_test.h"

namespace spectacles {
namespace {

TEST(ServiceName, AcceptsWhatRegistriesCallThemselves) {
  expect_accepted<ServiceName>(
      {"Docker registry", "registry.example.com:5000", "a", "J\xc3\xbcrgens Registry", "'x'", std::string(255, 'a')});
}

TEST(ServiceName, IsKeptExactly) {
  EXPECT_FALSE(ServiceName::parse("Registry") == ServiceName::parse("registry"));
  // A registry compares bytes, so that the decomposed form is another name.
  EXPECT_EQ(ServiceName::parse("u\xcc\x88")->str(), "u\xcc\x88");
}

TEST(ServiceName, RefusesWhatNoRegistryMeans) {
  expect_refused<ServiceName>({"", " ", " a", "a ", "a\xc2\xa0",
                               "\xe3\x80\x80"
                               "a",
                               "a\n", "a\tb", "a\x7f", std::string("a\0", 2), "a\xe2\x80\x8b", "\xff",
                               std::string(256, 'a')});
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
