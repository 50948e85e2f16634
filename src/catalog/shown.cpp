#include "catalog/shown.h"

#include "base/unicode.h"

namespace spectacles::catalog {

std::string shown(std::string_view text, std::size_t most_bytes) {
  const bool is_cut = text.size() > most_bytes;
  text = text.substr(0, most_bytes);
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto good = printable_prefix(text);
    out += good;
    text.remove_prefix(good.size());
    if (text.empty()) break;
    const auto c = static_cast<unsigned char>(text.front());
    const bool is_continuation = (c & 0xc0) == 0x80;
    if (c == '\n' || c == '\t') {
      out += text.front();
    } else if (!is_continuation) {  // one mark for one character
      out += "\xef\xbf\xbd";
    }
    text.remove_prefix(1);
  }
  return is_cut ? out + "\xe2\x80\xa6" : out;
}

}  // namespace spectacles::catalog
