#include "accounts/password_rules.h"

#include <gtest/gtest.h>

#include "accounts/common_passwords.h"

namespace spectacles::accounts {
namespace {

bool accepts(const std::string& password) {
  return parse_new_password(Secret(password)).has_value();
}

constexpr std::string_view composed = "\xc3\xa9";       // e with an acute accent as one character
constexpr std::string_view decomposed = "e\xcc\x81";    // the same as two
constexpr std::string_view emoji = "\xf0\x9f\x98\x80";  // four bytes

// `times` characters that neither repeat nor count: a few digits, then the same one again and again.
Secret padded(std::string_view character, int times) {
  std::string text = "7391";
  for (int i = 4; i < times; ++i) text += character;
  return Secret(text);
}

TEST(CommonPasswords, AreFoundFromTheFirstToTheLast) {
  for (const auto* common : {"!qaz2wsx", "password", "12345678", "qwertyuiop", "iloveyou", "football1"}) {
    EXPECT_TRUE(is_common_password(common)) << common;
  }
  for (const auto* other : {"", "\n", "passwor", "passwordd", "password\n", "correct horse", "\x7f", "!"}) {
    EXPECT_FALSE(is_common_password(other)) << other;
  }
}

TEST(PasswordRules, KeepWhatIsLongEnough) {
  for (const auto& good : {std::string("correct horse"), std::string("aB3$ zq!"), std::string(64, 'x'),
                           std::string("        tree"), std::string("ééééaaaa"), std::string("名前名前犬猫魚鳥")}) {
    EXPECT_TRUE(accepts(good)) << good;
  }
  EXPECT_FALSE(accepts("aB3$ zq"));
  EXPECT_FALSE(accepts(std::string("correct\0horse", 13)));
  EXPECT_FALSE(accepts("correct \xff horse"));
  EXPECT_FALSE(accepts(std::string("1234\0005678", 9)));
}

TEST(PasswordRules, AskForNoComposition) {
  for (const auto* good : {"onlylettersandnothingelse", "839201746512", "UPPERCASEALONE", "!)(/&$%@#~^"}) {
    EXPECT_TRUE(accepts(good)) << good;
  }
}

TEST(PasswordRules, AskFor8To256Characters) {
  for (const auto character : {std::string_view("k"), composed, emoji}) {
    EXPECT_FALSE(parse_new_password(padded(character, 7)));
    EXPECT_TRUE(parse_new_password(padded(character, 8)));
    EXPECT_TRUE(parse_new_password(padded(character, 256)));
    EXPECT_FALSE(parse_new_password(padded(character, 257)));
  }
  EXPECT_FALSE(parse_new_password(Secret()));
}

TEST(PasswordRules, CountCharactersInTheFormThatIsKept) {
  EXPECT_FALSE(parse_new_password(padded(decomposed, 7)));
  EXPECT_EQ(parse_new_password(padded(decomposed, 8)).value(), padded(composed, 8));
  EXPECT_TRUE(parse_new_password(padded(decomposed, 256)));
  EXPECT_EQ(parse_new_password(Secret(" pass: word ")).value(), Secret(" pass: word ")) << "kept whole";
}

TEST(PasswordRules, DoNotRepeatWhatTheyRefuse) {
  const auto refused = parse_new_password(Secret("shrt"));
  EXPECT_EQ(refused.error().kind, RefusalKind::invalid);
  EXPECT_EQ(refused.error().text.find("shrt"), std::string::npos);
}

TEST(PasswordRules, RefuseWhatIsGuessedFirst) {
  for (const auto* bad :
       {"password", "PassWord1", "12345678", "87654321", "qwertyuiop", "ILoveYou!!", "abcdefgh", "aaaaaaaa", "12121212",
        "abcabcabc", "spectacles1", "Docker2026!", "!!registry!!", "password2026", "trustno1", "Password123!"}) {
    EXPECT_FALSE(accepts(bad)) << bad;
  }
}

TEST(PasswordRules, RefuseTheUsersOwnNameAndAddress) {
  const auto refuses = [](const std::string& password, const std::string& name, std::optional<std::string> email = {}) {
    return !check_password_of(Secret(password), UserName::parse(name).value(), email).has_value();
  };
  EXPECT_TRUE(refuses("marianne", "marianne"));
  EXPECT_TRUE(refuses("Marianne1987!", "marianne"));
  EXPECT_TRUE(refuses("bob12345", "bob"));
  EXPECT_TRUE(refuses("m.smith@example.org", "mary", "M.Smith@example.org"));
  EXPECT_TRUE(refuses("m.smith99", "mary", "m.smith@example.org"));
  EXPECT_TRUE(refuses("20261124", "20261124"));
  EXPECT_FALSE(refuses("83920174", "20261124"));
  EXPECT_FALSE(refuses("bob likes trees", "bob"));
  EXPECT_FALSE(refuses("correct horse", "mary", "m.smith@example.org"));
}

}  // namespace
}  // namespace spectacles::accounts
