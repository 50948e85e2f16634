#include "base/clock.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace spectacles {

Time SystemClock::now() const {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::int64_t to_millis(Time time) {
  return time.time_since_epoch().count();
}

Time from_millis(std::int64_t millis) {
  return Time(std::chrono::milliseconds(millis));
}

std::int64_t to_unix_seconds(Time time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

std::string render_rfc3339(Time time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(to_unix_seconds(time)));
}

}  // namespace spectacles
