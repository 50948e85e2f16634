#include "catalog/redirect.h"

#include <gtest/gtest.h>

namespace spectacles::catalog {
namespace {

std::string place(const std::string& location, const std::string& registry = "https://registry.example.org") {
  const auto found = parse_blob_location(location, registries::RegistryUrl::parse(registry).value());
  return found ? found->origin.str() + " " + found->path : "refused";
}

TEST(BlobLocation, IsAnAddressOrAPath) {
  EXPECT_EQ(place("https://S3.example.org/b/x?sig=A%2Fb"), "https://s3.example.org /b/x?sig=A%2Fb");
  EXPECT_EQ(place("http://10.0.0.7:9000"), "http://10.0.0.7:9000 /");
  EXPECT_EQ(place("https://s3.example.org?a=b"), "https://s3.example.org /?a=b");
  EXPECT_EQ(place("/blobs/x#y"), "https://registry.example.org /blobs/x");
}

TEST(BlobLocation, RefusesWhatLeadsAstray) {
  for (const auto* location : {"", "x", "//evil.example.org/x", "ftp://a/x", "file:///etc/passwd", "gopher://a:1/x",
                               "https://u:p@a/x", "https://a b/x", "https://a/\r\nX: y", "https:///x",
                               "http://localhost/x", "http://127.0.0.1:6379/", "http://[::1]/x"}) {
    EXPECT_EQ(place(location), "refused") << location;
  }
  EXPECT_EQ(place("https://a/" + std::string(9000, 'x')), "refused");
  EXPECT_EQ(place("http://localhost:9000/x", "http://127.0.0.1:5000"), "http://localhost:9000 /x");
}

}  // namespace
}  // namespace spectacles::catalog
