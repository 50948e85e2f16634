#include "db/query.h"

#include <fmt/format.h>

namespace spectacles::db {
namespace {

Value to_key(const std::string& part, bool numeric) {
  return numeric ? to_value(parse_integer(part)) : to_value(part);
}

}  // namespace

std::int64_t Query::count(Session& session) const {
  const auto from = select_.find(" FROM ");
  const auto sql = "SELECT count(*)" + select_.substr(from) + conditions_;
  return std::get<0>(session.rows_of<std::int64_t>(sql, values_).at(0));
}

std::int64_t Query::count_up_to(Session& session, std::int64_t most) const {
  const auto from = select_.find(" FROM ");
  auto values = values_;
  values.push_back(to_value(most));
  const auto sql =
      "SELECT count(*) FROM (SELECT 1 AS one" + select_.substr(from) + conditions_ + " LIMIT :most) counted";
  return std::get<0>(session.rows_of<std::int64_t>(sql, std::move(values)).at(0));
}

std::pair<std::string, std::vector<Value>> Query::render_page(const PageRequest& page, const Sorted& sorted) const {
  auto continued = *this;
  const auto* beyond = page.order.descending ? "<" : ">";
  const bool one_part = sorted.column == sorted.tie;
  const bool tie_down = sorted.tie_turns && page.order.descending;
  if (!page.after.empty() && one_part) {
    continued.where(fmt::format("{} {} :after", sorted.column, beyond), to_key(page.after.at(0), sorted.numeric));
  } else if (!page.after.empty()) {
    const auto key = to_key(page.after.at(0), sorted.numeric);
    // The first half says nothing new: it is what every engine reads an index by.
    continued.where(fmt::format("{0} {1}= :after AND ({0} {1} :after OR {2} {3} :tie)", sorted.column, beyond,
                                sorted.tie, tie_down ? "<" : ">"),
                    key, to_key(page.after.at(1), sorted.tie_numeric));
  }
  continued.values_.push_back(to_value(static_cast<std::int64_t>(page.limit + 1)));
  const auto order = fmt::format(" ORDER BY {}{}", sorted.column, page.order.descending ? " DESC" : "");
  return {select_ + continued.conditions_ + order +
              (one_part ? "" : fmt::format(", {}{}", sorted.tie, tie_down ? " DESC" : "")) + " LIMIT :count",
          std::move(continued.values_)};
}

}  // namespace spectacles::db
