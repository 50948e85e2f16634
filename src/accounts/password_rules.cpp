#include "accounts/password_rules.h"

#include <algorithm>
#include <array>

#include "accounts/common_passwords.h"
#include "accounts/password.h"
#include "base/unicode.h"

namespace spectacles::accounts {
namespace {

constexpr std::size_t min_length = 8;

// What everybody thinks of first who makes an account here.
constexpr std::array<std::string_view, 5> words_of_this_place = {"spectacles", "registry", "docker", "container",
                                                                 "password"};

std::string fold(std::string_view text) {
  std::string folded(text);
  std::transform(folded.begin(), folded.end(), folded.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return folded;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
}

// Without the digits and signs at both ends: "2024-docker!" is no better than "docker".
std::string_view core_of(std::string_view folded) {
  while (!folded.empty() && !is_letter(folded.front())) folded.remove_prefix(1);
  while (!folded.empty() && !is_letter(folded.back())) folded.remove_suffix(1);
  return folded;
}

// A guess has to know the length too: longer ones of such a form do not come first.
constexpr std::size_t simple_form_length = 20;

// Whether it is a beginning of up to four bytes again and again: "aaaaaaaa", "12121212", "abcabcab".
bool repeats(std::string_view text) {
  constexpr std::size_t longest = 4;
  for (std::size_t period = 1; period <= longest && 2 * period <= text.size(); ++period) {
    if (std::equal(text.begin() + static_cast<std::ptrdiff_t>(period), text.end(), text.begin())) return true;
  }
  return false;
}

// Whether each character follows the one before, upwards or downwards: "abcdefgh", "98765432".
bool counts(std::string_view text) {
  const auto runs = [&](int step) {
    return std::adjacent_find(text.begin(), text.end(), [&](char left, char right) { return right - left != step; }) ==
           text.end();
  };
  return text.size() > 1 && (runs(1) || runs(-1));
}

bool is_guessed_first(std::string_view folded) {
  const auto core = core_of(folded);
  return is_common_password(folded) || is_common_password(core) ||
         (folded.size() < simple_form_length && (repeats(folded) || counts(folded))) ||
         std::find(words_of_this_place.begin(), words_of_this_place.end(), core) != words_of_this_place.end();
}

}  // namespace

Result<Secret> parse_new_password(const Secret& typed) {
  auto normal = normalize_password(typed);
  const std::size_t length = normal ? count_code_points(normal->reveal()) : 0;
  if (length < min_length || length > max_password_length || normal->reveal().find('\0') != std::string::npos) {
    return refuse(RefusalKind::invalid, "a password has 8 to 256 characters");
  }
  if (is_guessed_first(fold(normal->reveal()))) {
    return refuse(RefusalKind::invalid,
                  "this password is among the first that are guessed: choose another, of several words for example");
  }
  return *normal;
}

Result<void> check_password_of(const Secret& normalized, const UserName& username,
                               const std::optional<std::string>& email) {
  const auto password = fold(normalized.reveal());
  const auto address = email ? fold(*email) : std::string();
  const auto local_part = address.substr(0, address.find('@'));
  for (const std::string_view own :
       {std::string_view(username.str()), std::string_view(address), std::string_view(local_part)}) {
    if (own.empty() || (password != own && core_of(password) != core_of(own))) continue;
    if (password != own && core_of(own).empty()) continue;  // a name of digits is in no way part of other digits
    return refuse(RefusalKind::invalid, "a password must be more than the user's own name or address", "password");
  }
  return {};
}

}  // namespace spectacles::accounts
