// Which page of a list is wanted: what the wire asks for and the database answers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace spectacles {

// What a list is sorted by: the first part of the rows' keys; what is equal is sorted by the parts behind it, always
// upwards. Texts compare byte by byte.
struct Order {
  std::string by;  // one of the words that the list allows
  bool descending = false;

  std::string str() const { return (descending ? "-" : "") + by; }
  bool operator==(const Order&) const = default;
};

struct PageRequest {
  std::size_t limit = 50;
  // The sort key of the last row of the page before; empty for the first page.
  std::vector<std::string> after = {};
  Order order = {};
};

// What a store answers.
template <class T>
struct Rows {
  std::vector<T> rows;  // one more than asked for, if there are more
  std::int64_t total = 0;
};

// Whether a row with the key `left` stands before one with the key `right`.
inline bool comes_before(const std::vector<std::string>& left, const std::vector<std::string>& right,
                         const Order& order) {
  if (order.descending && left.front() != right.front()) return right.front() < left.front();
  return left < right;
}

// A number as a part of a key of rows that are sorted in memory: texts that compare as the numbers do.
std::string sortable(std::int64_t number);

// For lists that are held whole: sorts `rows` and leaves those behind `page.after`. `key_of` gives a row's key.
template <class Row, class KeyOf>
void sort_behind(std::vector<Row>& rows, const PageRequest& page, KeyOf key_of) {
  if (!page.after.empty()) {
    std::erase_if(rows, [&](const Row& row) { return !comes_before(page.after, key_of(row), page.order); });
  }
  std::sort(rows.begin(), rows.end(),
            [&](const Row& left, const Row& right) { return comes_before(key_of(left), key_of(right), page.order); });
}

}  // namespace spectacles
