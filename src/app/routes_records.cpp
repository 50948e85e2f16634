#include "app/routes_records.h"

#include <fmt/format.h>

#include <utility>

namespace spectacles::app {

FindText find_in(const http::Parameters& query) {
  return [&query](std::string_view name) { return query.first(name); };
}

Result<ExportFormat> read_export_format(const http::Parameters& query) {
  const auto text = query.first("format").value_or("");
  if (text.empty() || text == "jsonl") return ExportFormat::jsonl;
  if (text == "csv") return ExportFormat::csv;
  return refuse(RefusalKind::invalid, "format is jsonl or csv", "format");
}

http::Response download(Parts parts, const std::string& name, ExportFormat format, Time now) {
  auto first_part = parts();
  auto stream = [parts = std::move(parts), first = std::move(first_part)]() mutable -> std::optional<std::string> {
    if (first) return std::exchange(first, std::nullopt);
    return parts();
  };
  const auto* type = format == ExportFormat::csv ? "text/csv; charset=utf-8; header=present" : "application/jsonl";
  const auto day = render_rfc3339(now).substr(0, 10);
  return http::streamed(std::move(stream), type)
      .with("Content-Disposition",
            fmt::format("attachment; filename=\"{}-{}.{}\"", name, day, render_export_format(format)));
}

}  // namespace spectacles::app
