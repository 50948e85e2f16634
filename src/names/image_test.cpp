#include "names/image.h"

#include "names/names_test.h"

namespace spectacles {
namespace {

TEST(TagName, AcceptsItsGrammar) {
  expect_accepted<TagName>(
      {"latest", "1.0", "_", "_a", "A-Z", "v1.2.3-rc.1", "a..b", "a--", "sha256-0f", std::string(128, 'a')});
}

TEST(TagName, RefusesWhatIsOutsideOfIt) {
  expect_refused<TagName>({"", ".", "..", "-a", ".a", "a/b", "../a", "a:b", "a*", std::string(129, 'a')});
  expect_refused<TagName>(disguises_of("latest"));
}

TEST(Digest, AcceptsItsTwoAlgorithms) {
  expect_accepted<Digest>(
      {"sha256:" + std::string(64, '0'), "sha256:" + std::string(60, 'f') + "09af", "sha512:" + std::string(128, 'a')});
}

TEST(Digest, RefusesWhatIsOutsideOfThem) {
  const std::string hex(64, 'a');
  expect_refused<Digest>({"", "sha256", "sha256:", hex, "sha256:" + hex.substr(1), "sha256:" + hex + "a",
                          "sha256" + hex, "SHA256:" + hex, "sha256:" + std::string(64, 'A'),
                          "sha256:" + std::string(64, 'g'), "sha512:" + hex, "sha256:" + hex + hex, "md5:" + hex,
                          "sha384:" + hex, ":" + hex, "sha256::" + hex.substr(1), "sha256:../" + hex.substr(3),
                          "sha256:0x" + hex.substr(2)});
  expect_refused<Digest>(disguises_of("sha256:" + hex));
}

}  // namespace
}  // namespace spectacles
