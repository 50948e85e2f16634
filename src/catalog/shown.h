// Texts of images as they may be shown: whoever pushed an image wrote them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace spectacles::catalog {

inline constexpr std::size_t most_shown_bytes = 4096;

// Valid UTF-8 without control, format or unassigned characters, which become U+FFFD; line ends and tabs stay. What is
// longer is cut and ends with "…".
std::string shown(std::string_view text, std::size_t most_bytes = most_shown_bytes);

}  // namespace spectacles::catalog
