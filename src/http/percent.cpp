#include "http/percent.h"

#include <algorithm>
#include <cstdint>

namespace spectacles::http {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// What the first byte says of a sequence: how many bytes follow, and the range of the second one, which rules out
// longer forms than needed, surrogates and what is above U+10FFFF (RFC 3629 section 4).
struct Lead {
  std::size_t following;
  std::uint8_t second_from;
  std::uint8_t second_to;
};

std::optional<Lead> lead_of(std::uint8_t byte) {
  if (byte < 0x80) return Lead{0, 0, 0};
  if (byte >= 0xc2 && byte <= 0xdf) return Lead{1, 0x80, 0xbf};
  if (byte == 0xe0) return Lead{2, 0xa0, 0xbf};
  if (byte == 0xed) return Lead{2, 0x80, 0x9f};
  if (byte >= 0xe1 && byte <= 0xef) return Lead{2, 0x80, 0xbf};
  if (byte == 0xf0) return Lead{3, 0x90, 0xbf};
  if (byte >= 0xf1 && byte <= 0xf3) return Lead{3, 0x80, 0xbf};
  if (byte == 0xf4) return Lead{3, 0x80, 0x8f};
  return std::nullopt;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const int high = hex_value(text[i + 1]);
    const int low = hex_value(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

std::optional<std::string> form_decode(std::string_view text) {
  if (text.find('+') == std::string_view::npos) return percent_decode(text);
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return percent_decode(spaced);
}

bool is_utf8(std::string_view text) {
  const auto byte_at = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto lead = lead_of(byte_at(i));
    if (!lead || text.size() - i <= lead->following) return false;
    if (lead->following == 0) continue;
    if (byte_at(i + 1) < lead->second_from || byte_at(i + 1) > lead->second_to) return false;
    for (std::size_t k = 2; k <= lead->following; ++k) {
      if ((byte_at(i + k) & 0xc0) != 0x80) return false;
    }
    i += lead->following;
  }
  return true;
}

}  // namespace spectacles::http
