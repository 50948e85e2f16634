// A SELECT whose conditions are only known when it runs: filters that may be left out, a page of a list.
//
//   Query query("SELECT id, name FROM user_group");
//   if (!search.empty()) query.where(matches("name", "search"), containing(search));
//   const auto total = query.count(session);
//   return query.rows<GroupId, Label>(session, page, {.column = "name", .tie = "name"});
//
// Column names and conditions come from the program, never from outside; values are bound.
#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/page.h"
#include "db/session.h"

namespace spectacles::db {

class Query {
 public:
  // `select` is "SELECT <columns> FROM <tables>", without WHERE.
  explicit Query(std::string_view select) : select_(select) {}

  // The values of placeholders in `select`, before any condition.
  template <class... Values>
  Query& bind(const Values&... values) {
    (values_.push_back(to_value(values)), ...);
    return *this;
  }

  // Adds a condition; all must hold. Placeholders of all conditions have different names.
  template <class... Values>
  Query& where(std::string_view condition, const Values&... values) {
    conditions_ += (conditions_.empty() ? " WHERE (" : " AND (") + std::string(condition) + ")";
    (values_.push_back(to_value(values)), ...);
    return *this;
  }

  // What a page is sorted by.
  struct Sorted {
    std::string_view column;
    std::string_view tie;      // a column without doubles, which sorts what is equal; may be the same
    bool numeric = false;      // the column holds numbers
    bool tie_numeric = false;  // the tie does
  };

  // The rows of `page`, and one more if there are more. The key of a row has one part if column and tie are the same,
  // else two.
  template <class... Columns>
  std::vector<std::tuple<Columns...>> rows(Session& session, const PageRequest& page, const Sorted& sorted) const {
    auto [sql, values] = render_page(page, sorted);
    return session.rows_of<Columns...>(sql, std::move(values));
  }

  // A column that a page is sorted by; the order's direction is that of all of them, so that one index serves both.
  struct Key {
    std::string_view column;
    bool numeric = false;
  };

  // The rows of `page` by several columns, of which the last has no doubles where those before are the same; and one
  // more if there are more. The key of a row has a part for each of them.
  template <class... Columns>
  std::vector<std::tuple<Columns...>> rows(Session& session, const PageRequest& page,
                                           const std::vector<Key>& keys) const {
    auto [sql, values] = render_page(page, keys);
    return session.rows_of<Columns...>(sql, std::move(values));
  }

  // The same from `skipped` rows further on.
  template <class... Columns>
  std::vector<std::tuple<Columns...>> rows_from(Session& session, const PageRequest& page, const std::vector<Key>& keys,
                                                std::int64_t skipped) const {
    auto [sql, values] = render_page(page, keys);
    values.push_back(to_value(skipped));
    return session.rows_of<Columns...>(sql + " OFFSET :skipped", std::move(values));
  }

  // How many rows there are in all.
  std::int64_t count(Session& session) const;

  // The same, but no more than `most`, beyond which it does not look.
  std::int64_t count_up_to(Session& session, std::int64_t most) const;

  // All rows; `tail` is what follows the conditions (GROUP BY ..., LIMIT ...).
  template <class... Columns>
  std::vector<std::tuple<Columns...>> all(Session& session, std::string_view tail) const {
    return session.rows_of<Columns...>(select_ + conditions_ + std::string(tail), values_);
  }

  // The rows of this and of `other`, read in one statement, so that nothing that moves from one to the other meanwhile
  // is missing or there twice. Both have the same placeholders with the same values.
  template <class... Columns>
  std::vector<std::tuple<Columns...>> all_with(Session& session, const Query& other, std::string_view tail) const {
    const auto text = select_ + conditions_ + std::string(tail) + " UNION ALL " + other.select_ + other.conditions_;
    return session.rows_of<Columns...>(text + std::string(tail), values_);
  }

 private:
  std::pair<std::string, std::vector<Value>> render_page(const PageRequest& page, const Sorted& sorted) const;
  std::pair<std::string, std::vector<Value>> render_page(const PageRequest& page, const std::vector<Key>& keys) const;

  std::string select_;
  std::string conditions_;
  std::vector<Value> values_;
};

}  // namespace spectacles::db
