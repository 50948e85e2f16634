// Text as protocols compare it: ASCII letters without their case, blanks around values without meaning.
#pragma once

#include <string>
#include <string_view>

namespace spectacles {

std::string to_lower(std::string_view text);
bool equal_ignoring_case(std::string_view left, std::string_view right);

// Without the spaces and tabs at both ends.
std::string_view trim_blanks(std::string_view text);

}  // namespace spectacles
