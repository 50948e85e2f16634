#include "registries/printable.h"

#include "base/unicode.h"

namespace spectacles::registries {

std::string printable(std::string_view text, std::size_t max_bytes) {
  const bool cut = text.size() > max_bytes;
  if (cut) {
    text = text.substr(0, max_bytes);
    const auto is_continuation = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; };
    while (!text.empty() && is_continuation(text.back())) text.remove_suffix(1);
    if (!text.empty() && static_cast<unsigned char>(text.back()) >= 0xc0) text.remove_suffix(1);
  }
  std::string shown(text);
  if (!to_nfc(text) || has_unprintable(text)) {
    for (char& c : shown) {
      if (c < 0x20 || c > 0x7e) c = '?';
    }
  }
  return cut ? shown + "..." : shown;
}

}  // namespace spectacles::registries
