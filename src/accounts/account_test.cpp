#include "accounts/account.h"

#include <gtest/gtest.h>

namespace spectacles::accounts {
namespace {

Principal principal(Role role) {
  return {.account = Account{.id = AccountId(1),
                             .username = UserName::parse("alice").value(),
                             .email = {},
                             .role = role,
                             .disabled = false,
                             .created_at = from_millis(0)},
          .groups = {}};
}

TEST(Role, HasOneSpelling) {
  for (const Role role : {Role::user, Role::auditor, Role::admin}) EXPECT_EQ(parse_role(render_role(role)), role);
  for (const auto* text : {"", "Admin", "administrator", "user ", "root"}) EXPECT_FALSE(parse_role(text)) << text;
}

TEST(Principal, PowersFollowTheRole) {
  EXPECT_TRUE(principal(Role::admin).is_administrator());
  EXPECT_TRUE(principal(Role::admin).reads_everything());
  EXPECT_FALSE(principal(Role::auditor).is_administrator());
  EXPECT_TRUE(principal(Role::auditor).reads_everything());
  EXPECT_FALSE(principal(Role::user).is_administrator());
  EXPECT_FALSE(principal(Role::user).reads_everything());
  EXPECT_EQ(principal(Role::user).name(), "alice");
}

TEST(Principal, NobodyHasNoPowers) {
  const auto nobody = Principal::anonymous();
  EXPECT_TRUE(nobody.is_anonymous());
  EXPECT_FALSE(nobody.is_administrator());
  EXPECT_FALSE(nobody.reads_everything());
  EXPECT_EQ(nobody.name(), "");
}

TEST(Email, HasAForm) {
  for (const auto* text : {"alice@example.org", "a@b", "alice+tag@example.org", "\xc3\xa4@example.org"}) {
    EXPECT_EQ(parse_email(text), text);
  }
  const std::string longest = std::string(250, 'a') + "@b.c";
  EXPECT_EQ(parse_email(longest), longest);
  for (const std::string& text :
       {std::string(), std::string("alice"), std::string("@b"), std::string("a@"), std::string("a@b@c"),
        std::string("a b@c"), std::string("a@b\n"), std::string("a@b\0c", 5), std::string("a@\xff"), "a" + longest}) {
    EXPECT_FALSE(parse_email(text)) << text;
  }
}

}  // namespace
}  // namespace spectacles::accounts
