// The time, as something that is handed in, so that tests decide what time it is.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spectacles {

using Time = std::chrono::sys_time<std::chrono::milliseconds>;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Time now() const override;
};

// For tests: stands still until it is moved.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Time start) : now_(start) {}
  Time now() const override { return now_; }
  void advance(std::chrono::milliseconds by) { now_ += by; }

 private:
  Time now_;
};

// Milliseconds since the epoch, the form in which times are stored.
std::int64_t to_millis(Time time);
Time from_millis(std::int64_t millis);

// Whole seconds since the epoch, rounded down: the NumericDate of RFC 7519.
std::int64_t to_unix_seconds(Time time);

// RFC 3339 in UTC with whole seconds: 2026-03-01T12:00:00Z.
std::string render_rfc3339(Time time);

// A date-time of RFC 3339, section 5.6, with any offset; fractions beyond milliseconds are cut off. Nothing when it is
// none, as 2026-02-30T12:00:00Z or 24:00:00.
std::optional<Time> parse_rfc3339(std::string_view text);

}  // namespace spectacles
