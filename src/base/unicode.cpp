#include "base/unicode.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <memory>

namespace spectacles {
namespace {

struct FreeDeleter {
  void operator()(utf8proc_uint8_t* text) const { std::free(text); }
};

const utf8proc_uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const utf8proc_uint8_t*>(text.data());
}

bool is_unprintable(utf8proc_int32_t code_point) {
  switch (utf8proc_category(code_point)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return true;
    default:
      return false;
  }
}

bool is_space(utf8proc_int32_t code_point) {
  return utf8proc_category(code_point) == UTF8PROC_CATEGORY_ZS;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

struct FirstCharacter {
  utf8proc_int32_t code_point = -1;
  std::size_t length = 0;  // in bytes; 0 when `text` does not begin with valid UTF-8
};

FirstCharacter first_of(std::string_view text) {
  FirstCharacter first;
  const auto used = utf8proc_iterate(bytes_of(text), static_cast<utf8proc_ssize_t>(text.size()), &first.code_point);
  first.length = used > 0 ? static_cast<std::size_t>(used) : 0;
  return first;
}

}  // namespace

std::optional<std::string> to_nfc(std::string_view text) {
  if (is_ascii(text)) return std::string(text);  // which every form leaves as it is
  utf8proc_uint8_t* mapped = nullptr;
  const auto length = utf8proc_map(bytes_of(text), static_cast<utf8proc_ssize_t>(text.size()), &mapped,
                                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  const std::unique_ptr<utf8proc_uint8_t, FreeDeleter> owned(mapped);
  if (length < 0) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(owned.get()), static_cast<std::size_t>(length));
}

std::size_t count_code_points(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), std::not_fn(is_continuation)));
}

bool has_unprintable(std::string_view utf8) {
  return printable_prefix(utf8).size() != utf8.size();
}

std::string_view printable_prefix(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size()) {
    const auto [code_point, used] = first_of(text.substr(length));
    if (used == 0 || is_unprintable(code_point)) break;
    length += used;
  }
  return text.substr(0, length);
}

bool has_outer_space(std::string_view utf8) {
  if (utf8.empty()) return false;
  std::size_t last = utf8.size() - 1;
  while (last > 0 && is_continuation(utf8[last])) --last;
  return is_space(first_of(utf8).code_point) || is_space(first_of(utf8.substr(last)).code_point);
}

}  // namespace spectacles
