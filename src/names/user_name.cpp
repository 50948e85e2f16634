#include "names/user_name.h"

#include <algorithm>

namespace spectacles {
namespace {

constexpr std::size_t max_length = 64;

char fold(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_allowed(char c) {
  return is_alphanumeric(c) || c == '.' || c == '_' || c == '-';
}

}  // namespace

Result<UserName> UserName::parse(std::string_view text) {
  std::string folded(text);
  std::transform(folded.begin(), folded.end(), folded.begin(), fold);
  if (folded.empty() || folded.size() > max_length || !is_alphanumeric(folded.front()) ||
      !std::all_of(folded.begin(), folded.end(), is_allowed)) {
    return refuse(
        RefusalKind::invalid,
        "a user name has 1 to 64 characters of a-z, 0-9, '.', '_' and '-', and begins with a letter or digit");
  }
  return UserName(std::move(folded));
}

}  // namespace spectacles
