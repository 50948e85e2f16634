#include "http/same_origin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spectacles::http {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

bool passes(Headers headers, Method method = Method::post, std::string host = "here:5050") {
  Request request;
  request.method = method;
  request.host = std::move(host);
  request.headers = std::move(headers);
  return check_same_origin(request).has_value();
}

TEST(SameOrigin, LetsToolsPass) {
  EXPECT_TRUE(passes({}));
  EXPECT_TRUE(passes({{"user-agent", "docker"}}, Method::del));
}

TEST(SameOrigin, BelievesFetchMetadata) {
  EXPECT_TRUE(passes({{"sec-fetch-site", "same-origin"}}));
  EXPECT_TRUE(passes({{"sec-fetch-site", "none"}}));
  EXPECT_FALSE(passes({{"sec-fetch-site", "same-site"}}));
  EXPECT_FALSE(passes({{"sec-fetch-site", "cross-site"}}));
  EXPECT_FALSE(passes({{"sec-fetch-site", ""}}));
  EXPECT_FALSE(passes({{"sec-fetch-site", "cross-site"}, {"origin", "http://here:5050"}}));
  EXPECT_TRUE(passes({{"sec-fetch-site", "same-origin"}, {"origin", "https://proxy.example"}}));
}

TEST(SameOrigin, ComparesOriginsWithoutIt) {
  EXPECT_TRUE(passes({{"origin", "http://here:5050"}}));
  EXPECT_TRUE(passes({{"origin", "http://HERE:5050"}}));
  EXPECT_FALSE(passes({{"origin", "https://here:5050"}}));
  EXPECT_FALSE(passes({{"origin", "http://here"}}));
  EXPECT_FALSE(passes({{"origin", "http://here:50501"}}));
  EXPECT_FALSE(passes({{"origin", "http://evil.here:5050"}}));
  EXPECT_FALSE(passes({{"origin", "null"}}));
  EXPECT_FALSE(passes({{"origin", ""}}));
  EXPECT_TRUE(passes({{"origin", "http://here"}}, Method::post, "here:80"));
}

TEST(SameOrigin, LeavesReadingAlone) {
  const Headers foreign{{"sec-fetch-site", "cross-site"}, {"origin", "https://evil"}};
  EXPECT_TRUE(passes(foreign, Method::get));
  EXPECT_TRUE(passes(foreign, Method::head));
  EXPECT_TRUE(passes(foreign, Method::options));
  for (const auto method : {Method::post, Method::put, Method::patch, Method::del, Method::other}) {
    EXPECT_FALSE(passes(foreign, method));
  }
}

}  // namespace
}  // namespace spectacles::http
