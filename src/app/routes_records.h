// What the routes of activity and of decisions share.
#pragma once

#include <string>

#include "app/export.h"
#include "app/record_filter.h"
#include "http/request.h"
#include "http/response.h"

namespace spectacles::app {

FindText find_in(const http::Parameters& query);

// `format`, jsonl unless it is given. Refuses others.
Result<ExportFormat> read_export_format(const http::Parameters& query);

// A file that is made while it is sent. Throws what the first part throws: the answer can say so then.
http::Response download(Parts parts, const std::string& name, ExportFormat format, Time now);

}  // namespace spectacles::app
