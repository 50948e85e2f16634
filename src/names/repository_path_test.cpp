#include "names/repository_path.h"

#include <unordered_set>

#include "names/names_test.h"

namespace spectacles {
namespace {

std::string long_path(std::size_t length) {
  std::string path;
  while (path.size() + 2 < length) path += "a/";
  return path + std::string(length - path.size(), 'b');
}

TEST(RepositoryPath, AcceptsItsGrammar) {
  expect_accepted<RepositoryPath>({"a", "0", "ubuntu", "library/ubuntu", "a/b/c/d/e", "a.b", "a_b", "a__b", "a-b",
                                   "a--b", "a-----b", "a.b_c__d-e", "1/2", "team/tools.x/y_z", long_path(255)});
}

TEST(RepositoryPath, RefusesWhatIsOutsideOfIt) {
  expect_refused<RepositoryPath>({"",
                                  "a___b",
                                  "a..b",
                                  "a._b",
                                  "a_.b",
                                  "a-_b",
                                  "a.-b",
                                  "-a",
                                  "a-",
                                  ".a",
                                  "a.",
                                  "_a",
                                  "a_",
                                  "_catalog",
                                  "A",
                                  "team/App",
                                  "a:b",
                                  "a*",
                                  "a?",
                                  "a,b",
                                  long_path(256),
                                  std::string(100'000, 'a'),
                                  std::string(100'000, '/')});
  expect_refused<RepositoryPath>(disguises_of("team/app"));
}

TEST(RepositoryPath, RefusesPathTricks) {
  expect_refused<RepositoryPath>({"/", "//", "/a", "a/", "a//b", ".", "..", "../a", "a/..", "a/../b", "a/./b", "./a",
                                  "a%2fb", "a%2Fb", "a\\b", "a/ /b", "localhost:5000/a", "a/b:latest", "a@sha256"});
}

TEST(RepositoryPath, RefusesLookAlikes) {
  // Cyrillic a, full-width a, division slash, full-width full stop, Unicode hyphen.
  expect_refused<RepositoryPath>({"te\u0430m/x", "\uff41/x", "a\u2215b", "a\uff0eb", "a\u2010b"});
}

TEST(RepositoryPath, IsAValue) {
  const auto a = RepositoryPath::parse("a").value();
  const auto b = RepositoryPath::parse("b").value();
  EXPECT_LT(a, b);
  EXPECT_EQ(a, RepositoryPath::parse("a").value());
  EXPECT_EQ((std::unordered_set<RepositoryPath>{a, b, a}).size(), 2U);
}

}  // namespace
}  // namespace spectacles
