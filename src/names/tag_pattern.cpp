#include "names/tag_pattern.h"

#include <algorithm>

#include "names/pattern.h"

namespace spectacles {
namespace {

bool is_allowed(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("._-*?").find(c) != std::string_view::npos;
}

}  // namespace

Result<TagPattern> TagPattern::parse(std::string_view text) {
  constexpr std::size_t max_length = 128;
  if (text.empty() || text.size() > max_length || !std::all_of(text.begin(), text.end(), is_allowed)) {
    return refuse(RefusalKind::invalid,
                  "a pattern of tags has 1 to 128 characters of a tag (letters, digits, '.', '_', '-'), '*' and '?'");
  }
  return TagPattern(std::string(text));
}

bool TagPattern::matches(const TagName& tag) const {
  return matches_wildcards(str(), tag.str());
}

}  // namespace spectacles
