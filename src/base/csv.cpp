#include "base/csv.h"

#include <algorithm>
#include <array>

namespace spectacles {
namespace {

// White space of Unicode beyond ASCII, and marks that nobody sees.
constexpr std::array<std::string_view, 25> unseen{"\u00a0", "\u00ad", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003",
                                                  "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200a",
                                                  "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u2028", "\u2029",
                                                  "\u202f", "\u2060", "\u3000", "\ufeff"};

constexpr std::array<std::string_view, 9> beginnings{"=",      "+",      "-",      "@",     "\uff1d",
                                                     "\uff0b", "\uff0d", "\uff20", "\u2212"};

std::size_t unseen_prefix(std::string_view text) {
  const auto byte = static_cast<unsigned char>(text.front());
  if (byte <= 0x20 || byte == 0x7f) return 1;
  if (byte == 0xc2 && text.size() > 1 && static_cast<unsigned char>(text[1]) < 0xa0) return 2;  // C1 controls
  const auto found =
      std::find_if(unseen.begin(), unseen.end(), [&](std::string_view mark) { return text.starts_with(mark); });
  return found == unseen.end() ? 0 : found->size();
}

void append_cell(std::string& row, std::string_view cell) {
  const bool formula = is_formula(cell);
  if (cell.find_first_of(",\"\r\n") == std::string_view::npos) {
    if (formula) row += '\'';
    row += cell;
    return;
  }
  row += formula ? "\"'" : "\"";
  for (const char c : cell) {
    if (c == '"') row += '"';
    row += c;
  }
  row += '"';
}

}  // namespace

bool is_formula(std::string_view text) {
  if (!text.empty() && (text.front() == '\t' || text.front() == '\r')) return true;
  while (!text.empty()) {
    const auto skipped = unseen_prefix(text);
    if (skipped == 0) break;
    text.remove_prefix(skipped);
  }
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](std::string_view beginning) { return text.starts_with(beginning); });
}

std::string csv_row(const std::vector<std::string>& cells) {
  std::string row;
  for (std::size_t at = 0; at < cells.size(); ++at) {
    if (at > 0) row += ',';
    append_cell(row, cells[at]);
  }
  return row + "\r\n";
}

}  // namespace spectacles
