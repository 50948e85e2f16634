#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace spectacles::registries {

// Text that came from a registry, fit to be shown and logged: control characters and what is not UTF-8 become '?', and
// what is longer than `max_bytes` is cut.
std::string printable(std::string_view text, std::size_t max_bytes = 200);

}  // namespace spectacles::registries
