#include "accounts/preferences.h"

#include <algorithm>
#include <initializer_list>

extern "C" {
extern const char spectacles_time_zones[], spectacles_time_zones_end[];
}

namespace spectacles::accounts {
namespace {

Result<std::string> one_of(std::string_view text, std::initializer_list<std::string_view> words, std::string rule) {
  if (std::find(words.begin(), words.end(), text) != words.end()) return std::string(text);
  return refuse(RefusalKind::invalid, std::move(rule));
}

// A line of time_zones.txt. The names have no line breaks, so what holds one is none of them.
bool is_time_zone(std::string_view text) {
  const std::string_view all{spectacles_time_zones,
                             static_cast<std::size_t>(spectacles_time_zones_end - spectacles_time_zones)};
  if (text.empty() || text.find('\n') != std::string_view::npos) return false;
  std::string line(1, '\n');
  line.append(text).append(1, '\n');
  return all.find(line) != std::string_view::npos;
}

}  // namespace

Result<std::string> parse_theme(std::string_view text) {
  return one_of(text, {"system", "light", "dark"}, "theme is system, light or dark");
}

Result<std::string> parse_density(std::string_view text) {
  return one_of(text, {"comfortable", "compact"}, "density is comfortable or compact");
}

Result<std::string> parse_time_zone(std::string_view text) {
  if (text == "browser" || is_time_zone(text)) return std::string(text);
  return refuse(RefusalKind::invalid, "time_zone is browser or a name of the IANA time zone database: Europe/Paris");
}

Preferences apply(Preferences preferences, const PreferenceChange& change) {
  if (change.theme) preferences.theme = *change.theme;
  if (change.density) preferences.density = *change.density;
  if (change.time_zone) preferences.time_zone = *change.time_zone;
  return preferences;
}

}  // namespace spectacles::accounts
