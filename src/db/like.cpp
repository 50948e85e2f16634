#include "db/like.h"

#include "base/unicode.h"

namespace spectacles::db {

std::string matches(std::string_view column, std::string_view placeholder) {
  std::string condition = "LOWER(";
  return condition.append(column).append(") LIKE LOWER(:").append(placeholder).append(") ESCAPE '!'");
}

std::string containing(std::string_view part) {
  const auto normal = to_nfc(part);
  if (!normal || normal->find('\0') != std::string::npos) return "";  // no name is empty
  if (normal->empty()) return "%";
  std::string pattern = "%";
  for (const char c : *normal) {
    if (c == '%' || c == '_' || c == '!') pattern += '!';
    pattern += c;
  }
  return pattern + '%';
}

}  // namespace spectacles::db
