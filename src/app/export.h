// Whole lists as a stream of bytes, newest first, a page at a time: nothing is held between two pages, neither a
// connection to the database nor more than one page of memory.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "audit/decisions_sql.h"
#include "audit/store_sql.h"
#include "base/result.h"

namespace spectacles::app {

enum class ExportFormat { jsonl, csv, text };

std::string_view render_export_format(ExportFormat format);  // "jsonl", "csv", "text"

// The next part, nothing at the end. Throws db::Error.
using Parts = std::function<std::optional<std::string>()>;

// The stores must outlive them.
Parts export_decisions(audit::DecisionStore& decisions, const audit::DecisionFilter& filter, ExportFormat format);
Parts export_events(audit::ActivityStore& activity, const audit::EventFilter& filter, ExportFormat format);

}  // namespace spectacles::app
