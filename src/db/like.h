// Searching for a part of a text: WHERE lower(name) LIKE :pattern ESCAPE '!'
#pragma once

#include <string>
#include <string_view>

namespace spectacles::db {

// The pattern that finds `part` anywhere, small and capital ASCII letters alike; everything when it is empty. '!' is
// the escape, since a backslash means something else to each engine.
std::string containing(std::string_view part);

}  // namespace spectacles::db
