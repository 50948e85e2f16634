#include "db/like.h"

namespace spectacles::db {

std::string containing(std::string_view part) {
  std::string pattern = "%";
  for (const char c : part) {
    if (c == '%' || c == '_' || c == '!') pattern += '!';
    pattern += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (!part.empty()) pattern += '%';
  return pattern;
}

}  // namespace spectacles::db
