#include "names/host.h"

#include "names/names_test.h"

namespace spectacles {
namespace {

TEST(RegistryHost, AcceptsHostsWithAndWithoutPort) {
  expect_accepted<RegistryHost>({"localhost", "localhost:5000", "registry.example.com", "registry.example.com:443", "a",
                                 "a:1", "a:65535", "127.0.0.1:5000", "[::1]", "[::1]:5000", "[2001:db8::7]:5000",
                                 "[::ffff:192.0.2.1]", "xn--bcher-kva.example", std::string(63, 'a') + ".b"});
}

TEST(RegistryHost, FoldsCapitals) {
  EXPECT_EQ(RegistryHost::parse("Registry.EXAMPLE.com:5000")->str(), "registry.example.com:5000");
  EXPECT_EQ(RegistryHost::parse("[2001:DB8::A]")->str(), "[2001:db8::a]");
}

TEST(RegistryHost, RefusesOtherForms) {
  expect_refused<RegistryHost>({"",
                                ":",
                                ":5000",
                                "http://a",
                                "a/",
                                "a/b",
                                "a:b",
                                "a.",
                                ".a",
                                "a..b",
                                "-a",
                                "a-",
                                "a.-b",
                                "a_b",
                                "user@a",
                                "a?b",
                                "a,b",
                                "*.example.com",
                                "::1",
                                "2001:db8::7",
                                "[::1",
                                "::1]",
                                "[]",
                                "[:::1]",
                                "[1.2.3.4]",
                                "[a]",
                                "[::1]5000",
                                "[::1]:",
                                "[::1%25eth0]",
                                "[[::1]]",
                                std::string("[::1\0]", 6),
                                std::string(64, 'a') + ".b"});
  expect_refused<RegistryHost>(disguises_of("localhost"));
}

TEST(RegistryHost, RefusesPortsThatDoNotExist) {
  expect_refused<RegistryHost>({"a:", "a:0", "a:00", "a:080", "a:65536", "a:99999", "a:-1", "a:+1", "a: 1", "a:1 ",
                                "a:1x", "a:1:2", "a:4294967297"});
}

TEST(RegistryHost, LongNamesEndSomewhere) {
  std::string name;
  for (int label = 0; label < 3; ++label) name += std::string(63, 'a') + '.';
  name += std::string(61, 'a');
  ASSERT_EQ(name.size(), 253U);
  EXPECT_TRUE(RegistryHost::parse(name + ":65535"));
  expect_refused<RegistryHost>({'a' + name, std::string(100'000, 'a'), std::string(100'000, '.')});
}

}  // namespace
}  // namespace spectacles
