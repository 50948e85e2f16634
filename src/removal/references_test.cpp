#include "removal/references.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalog/manifest.h"
#include "removal/placeholder.h"

namespace spectacles::removal {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

std::string digest(char digit) {
  return "sha256:" + std::string(64, digit);
}
std::string descriptor(char digit, const std::string& type = "application/x") {
  return R"({"mediaType":")" + type + R"(","size":5,"digest":")" + digest(digit) + R"("})";
}

TEST(References, OfAnImageAreItsBlobs) {
  const auto read =
      read_references(R"({"config":)" + descriptor('1') + R"(,"layers":[)" + descriptor('2') + "," +
                      descriptor('3', "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip") + "]}");
  ASSERT_THAT(read.blobs, SizeIs(2));
  EXPECT_EQ(read.blobs[1].str(), digest('2'));
  EXPECT_EQ(read.size, 10);
  EXPECT_THAT(read.manifests, IsEmpty());
}

TEST(References, OfAnIndexAreItsManifests) {
  const auto read = read_references(R"({"manifests":[)" + descriptor('1') + "," + descriptor('2') + "]}");
  EXPECT_THAT(read.manifests, SizeIs(2));
  EXPECT_THAT(read.blobs, IsEmpty());
}

TEST(References, OfNonsenseAreNone) {
  for (const auto* bytes : {"", "[]", "7", "{", R"({"config":7,"layers":{},"manifests":[7,null,{"digest":"x"}]})"}) {
    const auto read = read_references(bytes);
    EXPECT_THAT(read.manifests, IsEmpty()) << bytes;
    EXPECT_THAT(read.blobs, IsEmpty()) << bytes;
  }
  EXPECT_THAT(read_references(std::string(100'000, '[')).blobs, IsEmpty());
}

TEST(Placeholder, LeadsNowhereAndIsAnotherEachTime) {
  const auto one = make_placeholder();
  EXPECT_TRUE(catalog::are_bytes_of(one.manifest.digest, one.bytes));
  EXPECT_TRUE(catalog::is_index(one.manifest.media_type));
  EXPECT_THAT(read_references(one.bytes).manifests, IsEmpty());
  EXPECT_NE(one.manifest.digest, make_placeholder().manifest.digest);
}

}  // namespace
}  // namespace spectacles::removal
