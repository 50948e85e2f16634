#include "names/image.h"

#include <algorithm>

namespace spectacles {
namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_lower_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

}  // namespace

Result<TagName> TagName::parse(std::string_view text) {
  constexpr std::size_t max_length = 128;
  const auto is_allowed = [](char c) { return is_word(c) || c == '.' || c == '-'; };
  if (text.empty() || text.size() > max_length || !is_word(text.front()) ||
      !std::all_of(text.begin(), text.end(), is_allowed)) {
    return refuse(RefusalKind::invalid,
                  "a tag has 1 to 128 letters, digits, '_', '.' and '-', and begins with a letter, digit or '_'");
  }
  return TagName(std::string(text));
}

Result<Digest> Digest::parse(std::string_view text) {
  constexpr std::size_t algorithm_length = std::string_view("sha256:").size();
  const std::size_t hex_length = text.starts_with("sha256:") ? 64 : text.starts_with("sha512:") ? 128 : 0;
  if (hex_length == 0 || text.size() != algorithm_length + hex_length ||
      !std::all_of(text.begin() + algorithm_length, text.end(), is_lower_hex)) {
    return refuse(RefusalKind::invalid, "a digest is sha256: or sha512: and its bytes in lower-case hexadecimal");
  }
  return Digest(std::string(text));
}

}  // namespace spectacles
