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
  if (!page.after.empty() && one_part) {
    continued.where(fmt::format("{} {} :after", sorted.column, beyond), to_key(page.after.at(0), sorted.numeric));
  } else if (!page.after.empty()) {
    const auto key = to_key(page.after.at(0), sorted.numeric);
    // The first half says nothing new: it is what every engine reads an index by.
    continued.where(
        fmt::format("{0} {1}= :after AND ({0} {1} :after OR {2} > :tie)", sorted.column, beyond, sorted.tie), key,
        to_key(page.after.at(1), sorted.tie_numeric));
  }
  continued.values_.push_back(to_value(static_cast<std::int64_t>(page.limit + 1)));
  const auto order = fmt::format(" ORDER BY {}{}", sorted.column, page.order.descending ? " DESC" : "");
  return {select_ + continued.conditions_ + order + (one_part ? "" : fmt::format(", {}", sorted.tie)) + " LIMIT :count",
          std::move(continued.values_)};
}

// Behind (a, b, c) lies "a >= :a AND (a > :a OR (b >= :b AND (b > :b OR c > :c)))": an engine that knows nothing of
// rows as values sees from its first part where to begin in an index.
std::pair<std::string, std::vector<Value>> Query::render_page(const PageRequest& page,
                                                              const std::vector<Key>& keys) const {
  auto continued = *this;
  const auto* beyond = page.order.descending ? "<" : ">";
  if (!page.after.empty()) {
    std::string condition;
    for (std::size_t at = keys.size(); at-- > 0;) {
      const auto column = keys[at].column;
      condition = condition.empty() ? fmt::format("{} {} :after{}", column, beyond, at)
                                    : fmt::format("{0} {1}= :after{2} AND ({0} {1} :after{2} OR ({3}))", column, beyond,
                                                  at, condition);
    }
    continued.where(condition);
    for (std::size_t at = 0; at < keys.size(); ++at) {
      continued.values_.push_back(to_key(page.after.at(at), keys[at].numeric));
    }
  }
  std::string order;
  for (const auto& key : keys) {
    order +=
        fmt::format("{}{}{}", order.empty() ? " ORDER BY " : ", ", key.column, page.order.descending ? " DESC" : "");
  }
  continued.values_.push_back(to_value(static_cast<std::int64_t>(page.limit + 1)));
  return {select_ + continued.conditions_ + order + " LIMIT :count", std::move(continued.values_)};
}

}  // namespace spectacles::db
