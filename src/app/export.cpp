#include "app/export.h"

#include <boost/json/serialize.hpp>

#include "app/record_text.h"

namespace spectacles::app {
namespace {

constexpr std::size_t rows_a_part = 1000;

template <class Row>
struct Page {
  std::vector<Row> rows;
  std::optional<std::vector<std::string>> next;  // where the next one begins, if there may be more
};

// What an export needs of a kind of record.
template <class Row>
struct Kind {
  std::function<Page<Row>(const PageRequest&)> page;
  std::string (*csv_header)();
  std::string (*csv)(const Row&);
  std::string (*line)(const Row&);
  boost::json::object (*json)(const Row&);
};

template <class Row>
std::string render(const Kind<Row>& kind, const Row& row, ExportFormat format) {
  switch (format) {
    case ExportFormat::csv:
      return kind.csv(row);
    case ExportFormat::text:
      return kind.line(row);
    case ExportFormat::jsonl:
      break;
  }
  return boost::json::serialize(kind.json(row)) + "\n";
}

template <class Row>
Parts export_rows(Kind<Row> kind, ExportFormat format) {
  return [kind = std::move(kind), format, ended = false,
          page = PageRequest{.limit = rows_a_part, .order = {"at", true}}]() mutable -> std::optional<std::string> {
    if (ended) return std::nullopt;
    std::string part;
    if (page.after.empty() && format == ExportFormat::csv) part = kind.csv_header();
    do {
      const auto found = kind.page(page);
      for (const auto& row : found.rows) part += render(kind, row, format);
      ended = !found.next;
      if (!ended) page.after = *found.next;
    } while (part.empty() && !ended);
    return part;
  };
}

}  // namespace

std::string_view render_export_format(ExportFormat format) {
  return format == ExportFormat::jsonl ? "jsonl" : format == ExportFormat::csv ? "csv" : "text";
}

Parts export_decisions(audit::DecisionStore& decisions, const audit::DecisionFilter& filter, ExportFormat format) {
  return export_rows(
      Kind<audit::RecordedDecision>{
          .page =
              [&decisions, filter](const PageRequest& page) {
                auto found = decisions.page(filter, page);
                return Page<audit::RecordedDecision>{std::move(found.rows), std::move(found.next)};
              },
          .csv_header = decision_csv_header,
          .csv = render_decision_csv,
          .line = render_decision_line,
          .json = render_decision},
      format);
}

Parts export_events(audit::ActivityStore& activity, const audit::EventFilter& filter, ExportFormat format) {
  return export_rows(Kind<audit::RecordedEvent>{.page =
                                                    [&activity, filter](const PageRequest& page) {
                                                      Page<audit::RecordedEvent> found{activity.page(filter, page), {}};
                                                      if (found.rows.size() > page.limit) {
                                                        found.rows.pop_back();
                                                        found.next = audit::key_of_event(found.rows.back());
                                                      }
                                                      return found;
                                                    },
                                                .csv_header = event_csv_header,
                                                .csv = render_event_csv,
                                                .line = render_event_line,
                                                .json = render_event},
                     format);
}

}  // namespace spectacles::app
