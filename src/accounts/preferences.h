// How somebody wants the console to look.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace spectacles::accounts {

struct Preferences {
  std::string theme = "system";         // or "light", "dark"
  std::string density = "comfortable";  // or "compact"
  std::string time_zone = "browser";    // or a name of the IANA time zone database

  bool operator==(const Preferences&) const = default;
};

// Each refuses (invalid) any other word.
Result<std::string> parse_theme(std::string_view text);
Result<std::string> parse_density(std::string_view text);
Result<std::string> parse_time_zone(std::string_view text);

// What is left out stays as it is.
struct PreferenceChange {
  std::optional<std::string> theme = {};
  std::optional<std::string> density = {};
  std::optional<std::string> time_zone = {};
};

Preferences apply(Preferences preferences, const PreferenceChange& change);

}  // namespace spectacles::accounts
