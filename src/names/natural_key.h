#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace spectacles {

inline constexpr std::size_t most_natural_key_bytes = 512;  // of a name of up to 255 bytes

// What a name is sorted by so that numbers in it compare by their value: keys are compared byte by byte, v1.9 comes
// before v1.10, and all but digits compares as it did. Names that differ in leading zeros alone have the same key.
std::string natural_key(std::string_view name);

}  // namespace spectacles
