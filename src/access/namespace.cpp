#include "access/namespace.h"

#include <algorithm>

#include "base/unicode.h"

namespace spectacles::access {

Result<Level> parse_anonymous_level(std::string_view text) {
  auto level = parse_level(text);
  if (!level || (*level != Level::none && *level != Level::read)) {
    return refuse(RefusalKind::invalid, "the anonymous access is NONE or READ");
  }
  return level;
}

Result<std::string> parse_description(std::string_view text) {
  constexpr std::size_t max_length = 1000;
  const auto normal = to_nfc(text);
  std::string one_line = normal.value_or("");
  std::replace_if(
      one_line.begin(), one_line.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  if (!normal || count_code_points(one_line) > max_length || has_unprintable(one_line)) {
    return refuse(RefusalKind::invalid, "a description has at most 1000 characters and no control characters");
  }
  return *normal;
}

}  // namespace spectacles::access
