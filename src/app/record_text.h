// What is recorded, as the API, exports and the command line show it.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "audit/decisions_sql.h"
#include "audit/store_sql.h"

namespace spectacles::app {

boost::json::object render_event(const audit::RecordedEvent& event);           // Event in api/openapi.yaml
boost::json::object render_decision(const audit::RecordedDecision& recorded);  // Decision there

// A row of comma-separated values with its end, as base/csv.h has it.
std::string event_csv_header();
std::string render_event_csv(const audit::RecordedEvent& event);
std::string decision_csv_header();
std::string render_decision_csv(const audit::RecordedDecision& recorded);

// For people, a line each.
std::string render_event_line(const audit::RecordedEvent& event);
std::string render_decision_line(const audit::RecordedDecision& recorded);

}  // namespace spectacles::app
