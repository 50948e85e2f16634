// Lists a page at a time: `limit`, `cursor` and `sort` come in, Link (RFC 8288) and X-Total-Count go out.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/page.h"
#include "base/result.h"
#include "http/request.h"
#include "http/response.h"

namespace spectacles::http {

// What a list can be sorted by.
struct Sorting {
  std::vector<std::string_view> allowed;       // the words of `sort`
  std::string_view standard;                   // without `sort`; may begin with '-'
  std::vector<std::string_view> numeric = {};  // those whose keys begin with a number
  bool ends_with_number = false;               // all keys end with one
};

// Reads `limit` (1 to 500), `sort`, and `cursor`, which must come from a page of the same order and hold `key_parts`
// parts; refuses others by name.
Result<PageRequest> parse_page(const Parameters& query, std::size_t key_parts, const Sorting& sorting);
Result<PageRequest> parse_page(const Parameters& query, std::size_t key_parts);  // a list that has one order only

// The rows of one page. `last_key` is the sort key of the last row if more follow; no total: it was not counted.
Response page(const Request& request, const boost::json::array& rows, std::optional<std::int64_t> total,
              const std::optional<std::vector<std::string>>& last_key);

// The same for a list that may not be counted to its end: then the total is a lowest one, and the answer says so.
Response page_of_many(const Request& request, const boost::json::array& rows, std::int64_t total, bool is_minimum,
                      const std::optional<std::vector<std::string>>& last_key);

// What a cursor holds: where the next page begins, and in which order.
inline std::vector<std::string> to_key(std::vector<std::string> after, const PageRequest& page) {
  if (!page.order.by.empty()) after.insert(after.begin(), page.order.str());
  return after;
}

// Cuts the row that was read beyond the limit to learn whether more follow; then the last row's key, by `key_of`.
template <class Row, class KeyOf>
std::optional<std::vector<std::string>> cut_to_page(std::vector<Row>& rows, const PageRequest& page, KeyOf key_of) {
  if (rows.size() <= page.limit) return std::nullopt;
  rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(page.limit), rows.end());
  return to_key(key_of(rows.back()), page);
}

// For lists that are held whole: sorts `rows` and leaves those of the page, as cut_to_page.
template <class Row, class KeyOf>
std::optional<std::vector<std::string>> sort_to_page(std::vector<Row>& rows, const PageRequest& page, KeyOf key_of) {
  sort_behind(rows, page, key_of);
  return cut_to_page(rows, page, key_of);
}

}  // namespace spectacles::http
