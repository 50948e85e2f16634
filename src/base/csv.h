// Comma-separated values (RFC 4180), safe to open in a spreadsheet.
// https://www.rfc-editor.org/rfc/rfc4180 and https://owasp.org/www-community/attacks/CSV_Injection
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace spectacles {

// One row and its CRLF. A cell that a spreadsheet would take for a formula begins with an apostrophe: what begins with
// '=', '+', '-' or '@' (or their full-width forms) behind any white space and control characters.
std::string csv_row(const std::vector<std::string>& cells);

// Whether a spreadsheet would run it.
bool is_formula(std::string_view text);

}  // namespace spectacles
