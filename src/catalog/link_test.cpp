#include "catalog/link.h"

#include <gtest/gtest.h>

namespace spectacles::catalog {
namespace {

Result<std::optional<std::string>> parse(std::string_view link) {
  return parse_next_page(link, registries::RegistryUrl::parse("http://localhost:5000").value(), "/v2/_catalog");
}

TEST(Link, NextPage) {
  EXPECT_EQ(parse("</v2/_catalog?last=b&n=1000>; rel=\"next\""), "/v2/_catalog?last=b&n=1000");
  EXPECT_EQ(parse("<http://localhost:5000/v2/_catalog?n=1>; rel=next"), "/v2/_catalog?n=1");
  EXPECT_EQ(parse("<HTTP://LOCALHOST:5000/v2/_catalog?n=1>;REL=\"Next\""), "/v2/_catalog?n=1");
  EXPECT_EQ(parse("<?last=b>; rel=\"next\""), "/v2/_catalog?last=b");
  EXPECT_EQ(parse("</v2/_catalog>; rel=\"prev\""), std::nullopt);
}

TEST(Link, NeverLeadsAway) {
  for (const auto* bad : {
           "<http://evil.example.org/v2/_catalog?n=1>; rel=\"next\"",
           "<http://localhost:5000.evil.example.org/v2/_catalog>; rel=\"next\"",
           "<http://localhost:5000@evil.example.org/v2/_catalog>; rel=\"next\"",
           "<https://localhost:5000/v2/_catalog>; rel=\"next\"",
           "<//evil.example.org/v2/_catalog>; rel=\"next\"",
           "</v2/a/tags/list>; rel=\"next\"",
           "</v2/_catalog/../x>; rel=\"next\"",
           "<v2/_catalog>; rel=\"next\"",
           "</v2/_catalog?a b>; rel=\"next\"",
           "</v2/_catalog?a#b>; rel=\"next\"",
           "</v2/_catalog?n=1; rel=\"next\"",
           "/v2/_catalog; rel=\"next\"",
           "",
       }) {
    EXPECT_FALSE(parse(bad)) << bad;
  }
}

}  // namespace
}  // namespace spectacles::catalog
