#include "base/clock.h"

#include <fmt/format.h>

#include <charconv>

namespace spectacles {
namespace {

// Takes fixed pieces off the front of a text; once something is missing everything is.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  int digits(std::size_t count) {
    int number = 0;
    const auto piece = rest_.substr(0, count);
    const auto [end, error] = std::from_chars(piece.data(), piece.data() + piece.size(), number);
    if (piece.size() != count || error != std::errc{} || end != piece.data() + count || piece.front() == '-') {
      fail();
    } else {
      rest_.remove_prefix(count);
    }
    return number;
  }

  // One of `characters`, which is returned.
  char one_of(std::string_view characters) {
    if (rest_.empty() || characters.find(rest_.front()) == std::string_view::npos) {
      fail();
      return '\0';
    }
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  std::chrono::milliseconds fraction() {
    if (!rest_.starts_with('.')) return {};
    rest_.remove_prefix(1);
    const auto length = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    if (length == 0) {
      fail();
      return {};
    }
    auto piece = std::string(rest_.substr(0, std::min<std::size_t>(length, 3)));
    piece.resize(3, '0');
    rest_.remove_prefix(length);
    return std::chrono::milliseconds(std::stoi(piece));
  }

  bool ended_well() const { return !failed_ && rest_.empty(); }

 private:
  void fail() {
    failed_ = true;
    rest_ = {};
  }

  std::string_view rest_;
  bool failed_ = false;
};

}  // namespace

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
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<seconds>(time - day));
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

std::optional<Time> parse_rfc3339(std::string_view text) {
  using namespace std::chrono;
  Scanner scan(text);
  const year_month_day date = [&] {
    const year y(scan.digits(4));
    scan.one_of("-");
    const month m(static_cast<unsigned>(scan.digits(2)));
    scan.one_of("-");
    return y / m / day(static_cast<unsigned>(scan.digits(2)));
  }();
  scan.one_of("Tt ");
  const int hour = scan.digits(2);
  scan.one_of(":");
  const int minute = scan.digits(2);
  scan.one_of(":");
  const int second = scan.digits(2);
  const auto fraction = scan.fraction();
  minutes offset{0};
  if (const char sign = scan.one_of("Zz+-"); sign == '+' || sign == '-') {
    const int hours_off = scan.digits(2);
    scan.one_of(":");
    const int minutes_off = scan.digits(2);
    if (hours_off > 23 || minutes_off > 59) return std::nullopt;
    offset = (sign == '-' ? -1 : 1) * (hours(hours_off) + minutes(minutes_off));
  }
  // A leap second is taken for the second after it.
  if (!scan.ended_well() || !date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  return Time(sys_days(date) + hours(hour) + minutes(minute) + seconds(second) + fraction - offset);
}

}  // namespace spectacles
