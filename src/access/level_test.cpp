#include "access/level.h"

#include <gtest/gtest.h>

namespace spectacles::access {
namespace {

constexpr ActionSet pull{Action::pull};
constexpr ActionSet push{Action::push};
constexpr ActionSet del{Action::del};

TEST(Level, HasOneSpelling) {
  for (const Level level : {Level::none, Level::read, Level::write, Level::full}) {
    EXPECT_EQ(parse_level(render_level(level)), level);
  }
  EXPECT_EQ(render_level(Level::write), "WRITE");
  for (const auto* text : {"", "read", "Full", " READ", "READ ", "WRITE,READ", "ADMIN", "3"}) {
    const auto level = parse_level(text);
    ASSERT_FALSE(level) << text;
    EXPECT_EQ(level.error().kind, RefusalKind::invalid);
  }
}

TEST(Abilities, NoneAndReadAndFull) {
  EXPECT_EQ(Abilities(Level::none).granted(ActionSet::all()), ActionSet());
  EXPECT_EQ(Abilities(Level::read).granted(ActionSet::all()), pull);
  EXPECT_EQ(Abilities(Level::read).granted(push | del), ActionSet());
  EXPECT_EQ(Abilities(Level::full).granted(ActionSet::all()), ActionSet::all());
  EXPECT_EQ(Abilities(Level::full).granted(del), del);
  EXPECT_TRUE(Abilities(Level::none).empty());
  EXPECT_TRUE(Abilities(Level::full).everything());
}

TEST(Abilities, WritePullsOnlyWhatTheSameRequestPushes) {
  const Abilities write(Level::write);
  EXPECT_EQ(write.granted(pull), ActionSet());
  EXPECT_EQ(write.granted(push), push);
  EXPECT_EQ(write.granted(pull | push), pull | push);
  EXPECT_EQ(write.granted(pull | del), ActionSet()) << "a delete reads nothing back";
  EXPECT_EQ(write.granted(ActionSet::all()), pull | push);
}

TEST(Abilities, UnionIsASet) {
  const auto both = Abilities(Level::read) | Abilities(Level::write);
  EXPECT_EQ(both.granted(pull), pull);
  EXPECT_EQ(both.granted(push), push);
  EXPECT_EQ(both.granted(ActionSet::all()), pull | push);
  EXPECT_FALSE(both.everything());
  EXPECT_EQ(both | Abilities(Level::full), Abilities(Level::full));
  EXPECT_EQ(Abilities(Level::none) | Abilities(Level::write), Abilities(Level::write));
}

TEST(Abilities, AreShownAsLevels) {
  for (const Level level : {Level::none, Level::read, Level::write, Level::full}) {
    EXPECT_EQ(Abilities(level).str(), render_level(level));
  }
  EXPECT_EQ((Abilities(Level::read) | Abilities(Level::write)).str(), "READ+WRITE");
}

}  // namespace
}  // namespace spectacles::access
