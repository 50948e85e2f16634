#include "removal/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spectacles::removal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto image_type = "application/vnd.oci.image.manifest.v1+json";
constexpr auto index_type = "application/vnd.oci.image.index.v1+json";

Digest digest(char digit) {
  return Digest::parse("sha256:" + std::string(64, digit)).value();
}
TagName tag(const std::string& name) {
  return TagName::parse(name).value();
}
Resolved image(char digit) {
  return {digest(digit), image_type};
}
Resolved index(char digit) {
  return {digest(digit), index_type};
}

// a and b share an image; m is an index of two images, of which p is tagged itself; n is an index that shares the
// other.
View sample() {
  View view;
  view.tags = {{tag("a"), image('1')}, {tag("b"), image('1')}, {tag("c"), image('2')},
               {tag("m"), index('5')}, {tag("n"), index('6')}, {tag("p"), image('3')}};
  view.parts = {{digest('5'), {image('3'), image('4')}}, {digest('6'), {image('4'), image('7')}}};
  return view;
}

std::set<TagName> tags(const std::vector<std::string>& names) {
  std::set<TagName> all;
  for (const auto& name : names) all.insert(tag(name));
  return all;
}

TEST(PlanRemoval, TagOfItsOwnManifestTakesItAlong) {
  const auto plan = plan_removal(sample(), tags({"c"}));
  ASSERT_EQ(plan.tags.size(), 1U);
  EXPECT_TRUE(plan.tags[0].manifest_dies());
  EXPECT_THAT(plan.manifests, ElementsAre(DyingManifest{image('2'), {tag("c")}, {}}));
}

TEST(PlanRemoval, TagThatSharesItsManifestGoesAlone) {
  const auto plan = plan_removal(sample(), tags({"a"}));
  EXPECT_THAT(plan.tags[0].shared_with, ElementsAre(tag("b")));
  EXPECT_THAT(plan.manifests, IsEmpty());
}

TEST(PlanRemoval, LastTagsTogetherTakeTheManifest) {
  EXPECT_THAT(plan_removal(sample(), tags({"a", "b"})).manifests,
              ElementsAre(DyingManifest{image('1'), {tag("a"), tag("b")}, {}}));
}

TEST(PlanRemoval, PartOfAnIndexThatStaysLives) {
  const auto plan = plan_removal(sample(), tags({"p"}));
  EXPECT_THAT(plan.tags[0].part_of, ElementsAre(tag("m")));
  EXPECT_THAT(plan.manifests, IsEmpty());
}

TEST(PlanRemoval, IndexTakesOnlyWhatNothingElseLeadsTo) {
  EXPECT_THAT(plan_removal(sample(), tags({"m"})).manifests, ElementsAre(DyingManifest{index('5'), {tag("m")}, {}}));
  EXPECT_THAT(plan_removal(sample(), tags({"n"})).manifests,
              ElementsAre(DyingManifest{index('6'), {tag("n")}, {image('7')}}));
  EXPECT_THAT(plan_removal(sample(), tags({"m", "n"})).manifests,
              ElementsAre(DyingManifest{index('5'), {tag("m")}, {image('4')}},
                          DyingManifest{index('6'), {tag("n")}, {image('7')}}));
}

TEST(PlanRemoval, IndexGoesBeforeTheTagOfItsPart) {
  const auto plan = plan_removal(sample(), tags({"p", "m"}));
  EXPECT_THAT(plan.manifests,
              ElementsAre(DyingManifest{index('5'), {tag("m")}, {}}, DyingManifest{image('3'), {tag("p")}, {}}));
}

TEST(PlanRemoval, WhatDoesNotExistIsLeftOut) {
  EXPECT_EQ(plan_removal(sample(), tags({"x"})), Plan{});
  EXPECT_EQ(plan_removal({}, tags({"a"})), Plan{});
}

TEST(PlanRemoval, NothingThatATagLeadsToDies) {
  const auto view = sample();
  std::vector<TagName> names;
  for (const auto& [name, manifest] : view.tags) names.push_back(name);
  for (unsigned subset = 0; subset < (1U << names.size()); ++subset) {
    std::set<TagName> going;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if ((subset >> i & 1U) != 0) going.insert(names[i]);
    }
    std::set<Digest> dead;
    std::size_t deaths = 0;
    for (const auto& dying : plan_removal(view, going).manifests) {
      dead.insert(dying.manifest.digest);
      for (const auto& part : dying.parts) dead.insert(part.digest);
      deaths += 1 + dying.parts.size();
    }
    EXPECT_EQ(dead.size(), deaths) << "each once";
    for (const auto& [name, manifest] : view.tags) {
      if (going.contains(name)) continue;
      EXPECT_FALSE(dead.contains(manifest.digest));
      for (const auto& part : view.parts_of(manifest.digest)) EXPECT_FALSE(dead.contains(part.digest));
    }
  }
}

}  // namespace
}  // namespace spectacles::removal
