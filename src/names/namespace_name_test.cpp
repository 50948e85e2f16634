#include "names/namespace_name.h"

#include "names/names_test.h"

namespace spectacles {
namespace {

NamespaceName space(std::string_view text) {
  return NamespaceName::parse(text).value();
}

RepositoryPath path(std::string_view text) {
  return RepositoryPath::parse(text).value();
}

TEST(NamespaceName, AcceptsTheRootAndPaths) {
  expect_accepted<NamespaceName>({"/", "team", "team/tools", "a.b/c__d", std::string(255, 'a')});
}

TEST(NamespaceName, RefusesWhatIsOutsideOfIt) {
  expect_refused<NamespaceName>({"", "//", "/team", "team/", "team//tools", "..", "team/..", "/..", "Team", "a*", "_",
                                 "/ ", " /", std::string("/\0", 2), std::string(256, 'a')});
  expect_refused<NamespaceName>(disguises_of("team"));
}

TEST(NamespaceName, CoversWhatLiesBelowByWholeSegments) {
  EXPECT_TRUE(space("team").covers(path("team/x")));
  EXPECT_TRUE(space("team").covers(path("team/a/b")));
  EXPECT_TRUE(space("team/tools").covers(path("team/tools/x")));
  for (const char* other : {"team", "teams", "teams/x", "teamx", "team-x/y", "te/x", "x/team", "x/team/y", "tea/m"}) {
    EXPECT_FALSE(space("team").covers(path(other))) << other;
  }
  EXPECT_FALSE(space("team/tools").covers(path("team/tools")));
  EXPECT_FALSE(space("team/tools").covers(path("team/toolsx/y")));
  EXPECT_FALSE(space("team/tools").covers(path("team/x")));
}

TEST(NamespaceName, TheRootCoversNamesOfOneSegmentOnly) {
  EXPECT_TRUE(space("/").is_root());
  EXPECT_TRUE(space("/").covers(path("ubuntu")));
  EXPECT_FALSE(space("/").covers(path("library/ubuntu")));
  EXPECT_FALSE(space("team").is_root());
}

TEST(NamespaceName, EnclosesWhatLiesInside) {
  EXPECT_TRUE(space("team").encloses(space("team/tools")));
  EXPECT_TRUE(space("team").encloses(space("team/tools/x")));
  EXPECT_FALSE(space("team").encloses(space("team")));
  EXPECT_FALSE(space("team/tools").encloses(space("team")));
  EXPECT_FALSE(space("team").encloses(space("teams/tools")));
  EXPECT_FALSE(space("team").encloses(space("/")));
  for (const char* other : {"/", "team", "team/tools"}) EXPECT_FALSE(space("/").encloses(space(other))) << other;
}

TEST(NamespaceName, RestIsWhatPatternsSee) {
  const auto rest = [](const char* outer, const char* covered) {
    const auto whole = path(covered);
    return std::string(space(outer).rest_of(whole));
  };
  EXPECT_EQ(rest("team", "team/a/b"), "a/b");
  EXPECT_EQ(rest("team/tools", "team/tools/x"), "x");
  EXPECT_EQ(rest("/", "ubuntu"), "ubuntu");
}

}  // namespace
}  // namespace spectacles
