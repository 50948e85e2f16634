#include "names/user_name.h"

#include "names/names_test.h"

namespace spectacles {
namespace {

TEST(UserName, AcceptsItsGrammar) {
  expect_accepted<UserName>(
      {"a", "0", "alice", "alice.b", "a_b-c.d", "a..b", "a-", "a.", "a_", "007", std::string(64, 'a')});
}

TEST(UserName, FoldsAsciiCapitals) {
  EXPECT_EQ(UserName::parse("ALICE"), UserName::parse("alice"));
  EXPECT_EQ(UserName::parse("AzMZ09")->str(), "azmz09");
}

TEST(UserName, RefusesWhatIsOutsideOfIt) {
  expect_refused<UserName>({"", ".", "..", "_a", "-a", ".a", "a/b", "a:b", "a*", "a,b", std::string(65, 'a')});
  expect_refused<UserName>(disguises_of("alice"));
}

TEST(UserName, FoldsNothingButAscii) {
  // Kelvin sign, dotted capital I, long s, Cyrillic a, full-width a, composed and decomposed u-umlaut.
  expect_refused<UserName>({"\u212a", "\u0130", "\u017f", "\u0430lice", "\uff41lice", "\u00fc", "u\u0308"});
}

}  // namespace
}  // namespace spectacles
