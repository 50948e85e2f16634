// Pictures of people, as bytes: what was uploaded is never handed on, only what is drawn from it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "names/user_name.h"

namespace spectacles::accounts {

constexpr std::size_t most_avatar_bytes = std::size_t{1024} * 1024;
constexpr std::uint32_t most_avatar_side = 4096;
constexpr std::array<int, 2> avatar_sizes{64, 256};  // in pixels, the default first

// The same picture in each of avatar_sizes: PNG without any of what was written beside the pixels.
using AvatarImages = std::array<std::string, avatar_sizes.size()>;

// Reads a PNG, cuts the largest square out of its middle and scales that. Refuses (invalid, "avatar") what is no PNG or
// is damaged, and (too_large) what is longer or wider than is allowed, which it tells before it decodes anything. One
// picture is decoded at a time in this process, in at most 64 MiB.
Result<AvatarImages> draw_avatar(std::string_view png);

// For who has none: a pattern that follows from the name alone. `size` is one of avatar_sizes.
std::string draw_identicon(const UserName& name, int size);

}  // namespace spectacles::accounts
