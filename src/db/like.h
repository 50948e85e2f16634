// The search by a part of a name, as every engine takes it: ASCII letters in either case are the same, and the
// wildcards of LIKE that somebody typed stand for themselves. (MariaDB and MySQL also take other letters in either case
// as equal.)
#pragma once

#include <string>
#include <string_view>

namespace spectacles::db {

// The condition that `column` matches the pattern in `:placeholder`.
std::string matches(std::string_view column, std::string_view placeholder);

// The pattern of the names that contain `part`, in whichever form of Unicode it was typed. An empty part is in all of
// them, and what is no UTF-8 or holds a NUL is in none.
std::string containing(std::string_view part);

}  // namespace spectacles::db
