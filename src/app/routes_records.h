// What the routes of activity and of decisions share.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "app/export.h"
#include "app/record_filter.h"
#include "http/request.h"
#include "http/response.h"

namespace spectacles::app {

FindText find_in(const http::Parameters& query);

// `format`, jsonl unless it is given. Refuses others.
Result<ExportFormat> read_export_format(const http::Parameters& query);

// Completes the time of a summary: the 24 hours up to `now`, unless the filter says otherwise. Then how wide its pieces
// are: an hour, or a day where it is longer than three of them. Refuses (invalid, "since") more than 400 days.
template <class Filter>
Result<std::chrono::hours> complete_time(Filter& filter, Time now) {
  using std::chrono::hours;
  if (!filter.until) filter.until = now + std::chrono::milliseconds(1);
  if (!filter.since) filter.since = *filter.until - hours(24);
  if (*filter.since >= *filter.until) return refuse(RefusalKind::invalid, "since must be before until", "since");
  const auto length = *filter.until - *filter.since;
  if (length <= hours(24) * 3) return hours(1);
  if (length <= hours(24) * 400) return hours(24);
  return refuse(RefusalKind::invalid, "a summary covers at most 400 days: choose a later time", "since");
}

inline std::string_view render_interval(std::chrono::hours width) {
  return width == std::chrono::hours(1) ? "hour" : "day";
}

// A file that is made while it is sent. Throws what the first part throws: the answer can say so then.
http::Response download(Parts parts, const std::string& name, ExportFormat format, Time now);

}  // namespace spectacles::app
