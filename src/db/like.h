// The search by a part of a name, as every engine takes it: ASCII letters in either case are the same, and the
// wildcards of LIKE that somebody typed stand for themselves. (MariaDB and MySQL also take other letters in either case
// as equal.)
#pragma once

#include <string>
#include <string_view>

namespace spectacles::db {

// The condition that `column` matches the pattern in `:placeholder`.
inline std::string matches(std::string_view column, std::string_view placeholder) {
  std::string condition = "LOWER(";
  return condition.append(column).append(") LIKE LOWER(:").append(placeholder).append(") ESCAPE '!'");
}

// The pattern of what contains `part`; an empty part is in everything.
inline std::string containing(std::string_view part) {
  std::string pattern = "%";
  for (const char c : part) {
    if (c == '%' || c == '_' || c == '!') pattern += '!';
    pattern += c;
  }
  return part.empty() ? pattern : pattern + '%';
}

}  // namespace spectacles::db
