#include "audit/revision.h"

#include <gtest/gtest.h>

namespace spectacles::audit {
namespace {

const boost::json::object old_state{{"id", 1}, {"name", "team"}};
const boost::json::object new_state{{"id", 1}, {"name", "crew"}};

ExpectedRevision expecting(const boost::json::object& state) {
  return ExpectedRevision({{"else", revision_of(state).value()}});
}

TEST(RevisionTest, TellsStatesApart) {
  EXPECT_EQ(revision_of(old_state), revision_of(old_state));
  EXPECT_NE(revision_of(old_state), revision_of(new_state));
  EXPECT_EQ(revision_of(old_state).value().size(), 20U);
}

TEST(RevisionTest, AnotherRevisionIsStale) {
  EXPECT_TRUE(expecting(old_state).check(revision_of(old_state)));
  EXPECT_TRUE(ExpectedRevision::any().check(revision_of(old_state)));
  EXPECT_EQ(expecting(old_state).check(revision_of(new_state)).error().kind, RefusalKind::stale);
  EXPECT_FALSE(ExpectedRevision(std::vector<std::string>{}).check(revision_of(old_state)));
}

TEST(RevisionTest, ChangeThatWasMadeAlreadyIsNotRefused) {
  EXPECT_TRUE(check_change(expecting(old_state), old_state, new_state));
  EXPECT_TRUE(check_change(expecting(old_state), new_state, new_state));
  EXPECT_FALSE(check_change(expecting(new_state), old_state, new_state));
}

}  // namespace
}  // namespace spectacles::audit
