#include "db/insert.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace spectacles::db {
namespace {

// Beyond this many values statements get no faster: names of placeholders are looked up one by one.
constexpr std::size_t values_a_statement = 120;

}  // namespace

void insert_rows(Session& session, std::string_view into, const std::vector<InsertedRow>& rows) {
  if (rows.empty()) return;
  const auto rows_a_statement = std::max<std::size_t>(1, values_a_statement / rows.front().size());
  for (std::size_t first = 0; first < rows.size(); first += rows_a_statement) {
    std::string sql = fmt::format("INSERT INTO {} VALUES ", into);
    std::vector<Value> values;
    values.reserve(values_a_statement);
    for (auto at = first; at < std::min(first + rows_a_statement, rows.size()); ++at) {
      sql += at == first ? "(" : ", (";
      for (const auto& value : rows[at]) {
        fmt::format_to(std::back_inserter(sql), "{}:v{}", sql.back() == '(' ? "" : ", ", values.size());
        values.push_back(value);
      }
      sql += ")";
    }
    session.execute_with(sql, std::move(values));
  }
}

}  // namespace spectacles::db
