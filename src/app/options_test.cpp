#include "app/options.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

namespace spectacles::app {
namespace {

TEST(Options, AreDeclaredOnce) {
  std::set<std::string_view> names;
  for (const auto& option : all_options()) {
    EXPECT_TRUE(names.insert(option.name).second) << option.name;
    EXPECT_FALSE(option.meaning.empty()) << option.name;
    EXPECT_EQ(option.name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_"), std::string_view::npos) << option.name;
  }
}

TEST(Options, PasswordsAndKeysAreSecrets) {
  for (const auto& option : all_options()) {
    const bool sounds_secret =
        option.name.ends_with("PASSWORD") || option.name == "SECRET_KEY" || option.name == "SQLALCHEMY_DATABASE_URI";
    EXPECT_EQ(option.secrecy == Secrecy::secret, sounds_secret) << option.name;
  }
}

TEST(Options, TheTableHasALineForEach) {
  const auto table = render_option_table();
  for (const auto& option : all_options()) {
    EXPECT_NE(table.find("\n| `" + std::string(option.name) + "` | "), std::string::npos) << option.name;
  }
  EXPECT_NE(table.find("`SECRET_KEY_FILE`"), std::string::npos);
}

TEST(Options, TheTableOfTheReadmeIsThisOne) {
  constexpr std::string_view begin = "<!-- options -->\n";
  constexpr std::string_view end = "<!-- /options -->";
  std::ifstream file(std::string(SPECTACLES_SOURCE_DIR) + "/README.md");
  const std::string readme{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const auto from = readme.find(begin);
  if (from == std::string::npos) GTEST_SKIP() << "the README has no table of options between markers";
  const auto to = readme.find(end, from);
  ASSERT_NE(to, std::string::npos);
  std::string table = readme.substr(from + begin.size(), to - from - begin.size());
  while (table.starts_with('\n')) table.erase(0, 1);
  while (table.ends_with("\n\n")) table.pop_back();
  EXPECT_EQ(table, render_option_table());
}

}  // namespace
}  // namespace spectacles::app
