#include "catalog/manifest.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace spectacles::catalog {
namespace {

constexpr auto oci_image = "application/vnd.oci.image.manifest.v1+json";
constexpr auto oci_index = "application/vnd.oci.image.index.v1+json";

std::string digest_text(char digit) {
  return "sha256:" + std::string(64, digit);
}

std::string descriptor(char digit, const std::string& type, const std::string& more = "") {
  return fmt::format(R"({{"mediaType":"{}","digest":"{}","size":1{}{}}})", type, digest_text(digit), digit, more);
}

std::string image(const std::string& config_type, const std::string& more = "") {
  return fmt::format(R"({{"schemaVersion":2,"config":{},"layers":[{},{}]{}}})", descriptor('1', config_type),
                     descriptor('2', "layer"), descriptor('3', "layer"), more);
}

TEST(Manifest, BytesBelongToTheirDigest) {
  EXPECT_TRUE(are_bytes_of(
      Digest::parse("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad").value(), "abc"));
  EXPECT_FALSE(are_bytes_of(
      Digest::parse("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad").value(), "abd"));
  EXPECT_TRUE(are_bytes_of(Digest::parse("sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                                         "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f")
                               .value(),
                           "abc"));
}

TEST(Manifest, ReadsAnImage) {
  auto details = read_manifest(oci_image, image("application/vnd.oci.image.config.v1+json"));
  EXPECT_EQ(details.state, ManifestState::read);
  EXPECT_EQ(details.kind, ManifestKind::image);
  ASSERT_EQ(details.parts.size(), 3U);
  EXPECT_EQ(details.parts[0].role, PartRole::config);
  EXPECT_EQ(details.parts[2],
            (ManifestPart{PartRole::layer, Digest::parse(digest_text('3')).value(), "layer", 13, {}}));
  ASSERT_TRUE(has_image_config(details));
  read_config(details, R"({"os":"linux","architecture":"arm64","variant":"v8","created":"2026-03-01T12:00:00.5Z"})");
  EXPECT_EQ(details.platform, "linux/arm64/v8");
  EXPECT_EQ(render_rfc3339(details.created_at.value()), "2026-03-01T12:00:00Z");
}

TEST(Manifest, ReadsAnIndex) {
  const auto child = descriptor('4', oci_image, R"(,"platform":{"os":"linux","architecture":"amd64"})");
  const auto details = read_manifest(oci_index, fmt::format(R"({{"manifests":[{},{}]}})", child, child));
  EXPECT_EQ(details.kind, ManifestKind::index);
  EXPECT_EQ(details.parts.at(0).platform, "linux/amd64");
  EXPECT_EQ(details.children(), std::vector{Digest::parse(digest_text('4')).value()});
}

TEST(Manifest, ReadsArtifacts) {
  const auto by_config = read_manifest(oci_image, image("application/vnd.cncf.helm.config.v1+json"));
  EXPECT_EQ(by_config.kind, ManifestKind::artifact);
  EXPECT_EQ(by_config.artifact_type, "application/vnd.cncf.helm.config.v1+json");
  const auto typed =
      read_manifest(oci_image, image("application/vnd.oci.empty.v1+json",
                                     R"(,"artifactType":"a/sbom","subject":)" + descriptor('9', oci_image)));
  EXPECT_EQ(typed.artifact_type, "a/sbom");
  EXPECT_EQ(typed.subject, Digest::parse(digest_text('9')).value());
  EXPECT_FALSE(has_image_config(typed));
}

TEST(Manifest, WhatIsNoneIsUnreadableWithTheReason) {
  std::string many;
  for (std::size_t i = 0; i <= bounds::children; ++i) many += (i == 0 ? "" : ",") + descriptor('4', oci_image);
  const auto config = std::string("application/vnd.oci.image.config.v1+json");
  for (const auto& [type, bytes] : std::vector<std::pair<std::string, std::string>>{
           {"application/x", image(config)},
           {"", "{}"},
           {oci_image, ""},
           {oci_image, "[]"},
           {oci_image, "{}"},
           {oci_image, image(config) + "x"},
           {oci_image, image("\xff")},
           {oci_image, std::string(100'000, '[')},
           {oci_image, R"({"config":7})"},
           {oci_image, R"({"config":{"digest":"sha256:1","size":1}})"},
           {oci_image, R"({"config":{"digest":")" + digest_text('1') + R"(","size":-1}})"},
           {oci_image, R"({"config":{"digest":")" + digest_text('1') + R"(","size":99999999999999999999}})"},
           {oci_image, R"({"config":)" + descriptor('1', config) + R"(,"layers":{}})"},
           {oci_image, image(config, R"(,"subject":{"digest":"../x"})")},
           {oci_index, "{}"},
           {oci_index, R"({"manifests":[7]})"},
           {oci_index, R"({"manifests":[)" + many + "]}"},
       }) {
    const auto details = read_manifest(type, bytes);
    EXPECT_EQ(details.state, ManifestState::unreadable) << type << " " << bytes.substr(0, 80);
    EXPECT_FALSE(details.problem.empty());
    EXPECT_TRUE(details.bytes.empty());
    EXPECT_TRUE(details.parts.empty());
  }
}

TEST(Manifest, ConfigurationThatSaysNothing) {
  auto details = read_manifest(oci_image, image("application/vnd.oci.image.config.v1+json"));
  read_config(details, R"({"os":7,"created":"yesterday"})");
  EXPECT_EQ(details.platform, "");
  EXPECT_EQ(details.created_at, std::nullopt);
  EXPECT_EQ(details.problem, "");
  read_config(details, "{");
  EXPECT_NE(details.problem, "");
  EXPECT_EQ(details.state, ManifestState::read) << "its layers are known all the same";
}

TEST(NamedParts, AreThoseOfManifestsOfAnyType) {
  const auto digest = [](char digit) { return "sha256:" + std::string(64, digit); };
  const auto parts = named_parts(R"({"config":{"digest":")" + digest('1') + R"(","size":1},"blobs":[{"digest":")" +
                                 digest('2') + R"(","size":-5},{"digest":"none"},7],"manifests":[{"mediaType":"x",)" +
                                 R"("digest":")" + digest('3') + R"("}]})");
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts[0].role, PartRole::config);
  EXPECT_EQ(parts[0].size, 1);
  EXPECT_EQ(parts[1].role, PartRole::layer);
  EXPECT_EQ(parts[1].size, 0) << "no size that is possible";
  EXPECT_EQ(parts[2].role, PartRole::manifest);
  EXPECT_EQ(parts[2].media_type, "x");
  for (const auto* nonsense : {"", "[]", "{", R"({"config":7,"layers":{},"manifests":[null]})"}) {
    EXPECT_TRUE(named_parts(nonsense).empty()) << nonsense;
  }
}

}  // namespace
}  // namespace spectacles::catalog
