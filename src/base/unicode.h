// What the program needs to know of Unicode text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace spectacles {

// The text in Normalization Form C (Unicode Standard Annex 15); nothing when it is not valid UTF-8.
std::optional<std::string> to_nfc(std::string_view text);

// How many code points valid UTF-8 holds.
std::size_t count_code_points(std::string_view utf8);

// Whether valid UTF-8 holds a control, format, surrogate, private-use or unassigned character, or a line separator:
// what has no place in a name that people read.
bool has_unprintable(std::string_view utf8);

// The longest beginning of `text` that is valid UTF-8 without such a character.
std::string_view printable_prefix(std::string_view text);

// Whether valid UTF-8 begins or ends with a space of any width.
bool has_outer_space(std::string_view utf8);

}  // namespace spectacles
