#include "base/clock.h"

#include <gtest/gtest.h>

namespace spectacles {
namespace {

using namespace std::chrono_literals;

TEST(Clock, RendersRfc3339InUtcWithWholeSeconds) {
  EXPECT_EQ(render_rfc3339(from_millis(0)), "1970-01-01T00:00:00Z");
  EXPECT_EQ(render_rfc3339(from_millis(1'772'366'400'999)), "2026-03-01T12:00:00Z");
  EXPECT_EQ(render_rfc3339(std::chrono::sys_days(2028y / 2 / 29) + 23h + 59min + 59s), "2028-02-29T23:59:59Z");
  EXPECT_EQ(render_rfc3339(from_millis(-1)), "1969-12-31T23:59:59Z");
}

TEST(Clock, SecondsAreRoundedDown) {
  EXPECT_EQ(to_unix_seconds(from_millis(1999)), 1);
  EXPECT_EQ(to_unix_seconds(from_millis(2000)), 2);
  EXPECT_EQ(to_unix_seconds(from_millis(-1)), -1);
}

TEST(Clock, MillisecondsSurvive) {
  for (const std::int64_t millis : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1'772'366'400'123}}) {
    EXPECT_EQ(to_millis(from_millis(millis)), millis);
  }
}

TEST(Clock, ManualClockStandsStillUntilItIsMoved) {
  ManualClock clock(from_millis(1000));
  EXPECT_EQ(clock.now(), clock.now());
  clock.advance(1min);
  EXPECT_EQ(clock.now(), from_millis(61'000));
  clock.advance(-1min);
  EXPECT_EQ(clock.now(), from_millis(1000));
}

TEST(Clock, SystemClockTellsTheTime) {
  const Time now = SystemClock().now();
  EXPECT_LT(std::chrono::abs(std::chrono::system_clock::now() - now), 10s);
}

TEST(ParseRfc3339, ReadsWhatIsRendered) {
  for (const std::int64_t millis : {0LL, 951782400000LL, 1772366400000LL}) {
    EXPECT_EQ(parse_rfc3339(render_rfc3339(from_millis(millis))), from_millis(millis));
  }
}

TEST(ParseRfc3339, ReadsOffsetsAndFractions) {
  const auto noon = parse_rfc3339("2026-03-01T12:00:00Z").value();
  EXPECT_EQ(parse_rfc3339("2026-03-01T13:30:00+01:30"), noon);
  EXPECT_EQ(parse_rfc3339("2026-03-01t07:00:00-05:00"), noon);
  EXPECT_EQ(parse_rfc3339("2026-03-01 12:00:00z"), noon);
  EXPECT_EQ(parse_rfc3339("2026-03-01T12:00:00.5Z"), noon + std::chrono::milliseconds(500));
  EXPECT_EQ(parse_rfc3339("2026-03-01T12:00:00.123999Z"), noon + std::chrono::milliseconds(123));
}

TEST(ParseRfc3339, RefusesWhatIsNoTime) {
  for (const auto* text :
       {"", "2026-03-01", "2026-03-01T12:00:00", "2026-02-30T12:00:00Z", "2026-13-01T12:00:00Z", "2026-03-01T24:00:00Z",
        "2026-03-01T12:60:00Z", "2026-03-01T12:00:00.Z", "2026-03-01T12:00:00Zx", "26-03-01T12:00:00Z",
        "2026-03-01T12:00:00+1:00", "2026-03-01T12:00:00+24:00", "-026-03-01T12:00:00Z", "2026-03-01T-1:00:00Z"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}

}  // namespace
}  // namespace spectacles
