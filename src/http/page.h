// Lists a page at a time: `limit` and `cursor` come in, Link (RFC 8288) and X-Total-Count go out.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/request.h"
#include "http/response.h"

namespace spectacles::http {

struct PageRequest {
  std::size_t limit = 50;
  // The sort key of the last row of the page before; empty for the first page.
  std::vector<std::string> after;
};

// Reads `limit` (1 to 500) and `cursor`, which must hold `key_parts` parts; refuses others by name.
Result<PageRequest> parse_page(const Parameters& query, std::size_t key_parts);

// The rows of one page. `last_key` is the sort key of the last row if more follow.
Response page(const Request& request, const boost::json::array& rows, std::int64_t total,
              const std::optional<std::vector<std::string>>& last_key);

// Cuts the row that was read beyond the limit to learn whether more follow; then the last row's key, by `key_of`.
template <class Row, class KeyOf>
std::optional<std::vector<std::string>> cut_to_page(std::vector<Row>& rows, const PageRequest& page, KeyOf key_of) {
  if (rows.size() <= page.limit) return std::nullopt;
  rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(page.limit), rows.end());
  return key_of(rows.back());
}

}  // namespace spectacles::http
