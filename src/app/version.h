#pragma once

#include <string_view>

namespace spectacles::app {

inline constexpr std::string_view version = SPECTACLES_VERSION;

}  // namespace spectacles::app
