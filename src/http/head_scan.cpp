#include "http/head_scan.h"

#include <algorithm>

namespace spectacles::http {
namespace {

bool is_forbidden(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t') || byte == 0x7f;
}

bool is_header_line(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == 0 || colon == std::string_view::npos) return false;
  return line.substr(0, colon).find_first_of(" \t") == std::string_view::npos;
}

}  // namespace

// `scanned` always stands at the beginning of a line.
HeadScan scan_head(std::string_view bytes, std::size_t& scanned) {
  for (;;) {
    const auto feed = bytes.find('\n', scanned);
    if (feed == std::string_view::npos) return HeadScan::incomplete;
    if (feed == scanned || bytes[feed - 1] != '\r') return HeadScan::malformed;
    const auto line = bytes.substr(scanned, feed - 1 - scanned);
    const bool is_first = scanned == 0;
    scanned = feed + 1;
    if (line.empty()) return is_first ? HeadScan::malformed : HeadScan::complete;
    if (std::any_of(line.begin(), line.end(), is_forbidden)) return HeadScan::malformed;
    if (!is_first && !is_header_line(line)) return HeadScan::malformed;
  }
}

}  // namespace spectacles::http
