#include "web/asset.h"

#include <gtest/gtest.h>

namespace spectacles::web {
namespace {

TEST(Asset, PutsTheWebRootWhereThePlaceholderIs) {
  EXPECT_EQ(prepare_asset("/a.js", "x=\"/__spectacles_root__\";y=\"/__spectacles_root__/b\"", "/hub").bytes,
            "x=\"/hub\";y=\"/hub/b\"");
  EXPECT_EQ(prepare_asset("/a.js", "x=\"/__spectacles_root__\"", "").bytes, "x=\"\"");
  EXPECT_EQ(prepare_asset("/a.png", "/__spectacles_root__", "/hub").bytes, "/__spectacles_root__") << "not a text";
}

TEST(Asset, KeepsOnlyHashedNamesForever) {
  EXPECT_EQ(prepare_asset("/_app/immutable/x.js", "1", "").cache_control, "public, max-age=31536000, immutable");
  EXPECT_EQ(prepare_asset("/index.html", "1", "").cache_control, "no-cache");
}

TEST(Asset, PacksTextThatGetsSmaller) {
  const auto long_text = prepare_asset("/a.css", std::string(4096, 'a'), "");
  EXPECT_LT(long_text.gzip.size(), 100U);
  EXPECT_EQ(long_text.gzip.substr(0, 2), "\x1f\x8b");
  EXPECT_TRUE(prepare_asset("/a.css", "a", "").gzip.empty());
  EXPECT_TRUE(prepare_asset("/a.png", std::string(4096, 'a'), "").gzip.empty());
}

TEST(Asset, TagsTheFinalBytes) {
  const auto at_root = prepare_asset("/a.js", "/__spectacles_root__", "").etag;
  EXPECT_EQ(at_root.size(), 24U);
  EXPECT_NE(at_root, prepare_asset("/a.js", "/__spectacles_root__", "/hub").etag);
  EXPECT_EQ(at_root, prepare_asset("/b.js", "", "").etag);
}

TEST(Asset, ReadsAcceptEncoding) {
  for (const char* header : {"gzip", "br, gzip", "deflate, gzip;q=0.5", "*", "x-gzip", "br;q=1 , gzip ;q=1"}) {
    EXPECT_TRUE(accepts_gzip(header)) << header;
  }
  for (const char* header : {"", "br", "gzip;q=0", "gzip;q=0.000", "*, gzip;q=0", "gzipped", ",,"}) {
    EXPECT_FALSE(accepts_gzip(header)) << header;
  }
  EXPECT_FALSE(accepts_gzip(std::nullopt));
}

}  // namespace
}  // namespace spectacles::web
