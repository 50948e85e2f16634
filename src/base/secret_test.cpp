#include "base/secret.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <new>
#include <sstream>
#include <type_traits>

namespace spectacles {
namespace {

template <class T>
concept Streamable = requires(std::ostream& out, const T& value) { out << value; };

static_assert(!Streamable<Secret>);
static_assert(!fmt::is_formattable<Secret>::value);
static_assert(!std::is_convertible_v<std::string, Secret> && !std::is_convertible_v<Secret, std::string>);

// Short enough to lie inside the object itself, where the test may look.
constexpr std::string_view short_text = "hunter2hunter2";

std::string_view bytes_in(const Secret& secret) {
  return {reinterpret_cast<const char*>(&secret), sizeof secret};
}

bool shows(const Secret& secret) {
  return bytes_in(secret).find(short_text.substr(1, 8)) != std::string_view::npos;
}

TEST(Secret, RevealsItsTextWhole) {
  EXPECT_EQ(Secret("a\nb").reveal(), "a\nb");
  EXPECT_EQ(Secret(std::string("a\0b", 3)).reveal().size(), 3U);
  EXPECT_TRUE(Secret().empty());
  EXPECT_TRUE(Secret("").empty());
  EXPECT_FALSE(Secret(" ").empty());
}

TEST(Secret, ComparesWhole) {
  EXPECT_EQ(Secret("abc"), Secret("abc"));
  EXPECT_EQ(Secret(), Secret(""));
  for (const std::string& other : {std::string("abd"), std::string("Abc"), std::string("ab"), std::string("abcd"),
                                   std::string(), std::string("ab\0", 3), std::string("abc\0", 4)}) {
    EXPECT_FALSE(Secret("abc") == Secret(other)) << other;
  }
}

TEST(Secret, ComparesEveryBit) {
  for (int bit = 0; bit < 8; ++bit) {
    EXPECT_FALSE(Secret::constant_time_equal(std::string("x\0", 2), std::string("x") + static_cast<char>(1 << bit)));
  }
}

TEST(Secret, CopiesAndAssigns) {
  const Secret original{std::string(short_text)};
  Secret copy(original);
  EXPECT_EQ(copy, original);
  copy = Secret("changed");
  EXPECT_EQ(original.reveal(), short_text);
  Secret other("other");
  other = original;
  EXPECT_EQ(other, original);
  const Secret& itself = other;
  other = itself;
  EXPECT_EQ(other, original);
  other = Secret("new");
  EXPECT_EQ(other, Secret("new"));
}

TEST(Secret, LeavesNothingBehindWhenMoved) {
  Secret first{std::string(short_text)};
  ASSERT_TRUE(shows(first));
  const Secret second(std::move(first));
  EXPECT_EQ(second.reveal(), short_text);
  EXPECT_FALSE(shows(first));  // NOLINT(bugprone-use-after-move): what is left is the point

  Secret third{std::string(short_text)};
  Secret fourth;
  fourth = std::move(third);
  EXPECT_EQ(fourth.reveal(), short_text);
  EXPECT_FALSE(shows(third));  // NOLINT(bugprone-use-after-move)
}

TEST(Secret, LeavesNothingBehindWhenOverwritten) {
  Secret secret{std::string(short_text)};
  secret = Secret("x");
  EXPECT_FALSE(shows(secret));
}

TEST(Secret, LeavesNothingBehindWhenDestroyed) {
  alignas(Secret) unsigned char storage[sizeof(Secret)];
  auto* secret = new (storage) Secret{std::string(short_text)};
  ASSERT_TRUE(shows(*secret));
  secret->~Secret();
  const std::string_view left(reinterpret_cast<const char*>(storage), sizeof storage);
  EXPECT_EQ(left.find(short_text.substr(1, 8)), std::string_view::npos);
}

}  // namespace
}  // namespace spectacles
