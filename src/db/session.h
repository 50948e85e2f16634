// One connection while it is lent out: statements with named placeholders (":name"), bound in order; a name that comes
// twice takes one value. A statement that is given too few or too many values, or gives other than the columns asked
// for, throws db::Error. After an error in a read the connection can be used on; a write in which a statement failed is
// lost as a whole, on every engine: each later statement of it throws, and so does its commit.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/unavailable.h"
#include "db/value.h"

namespace spectacles::db {

// A fault of the database. What the engine says is in what(); bound values never are.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The database does not answer, or did not let us in for too long: the same may work in a moment.
class Unavailable : public Error, public spectacles::Unavailable {
 public:
  using Error::Error;
};

// A row with this key exists already. A store turns it into RefusalKind::conflict.
class UniqueViolation : public Error {
 public:
  using Error::Error;
};

// The row that is pointed at does not exist, or a row still points at the one that is deleted.
class ForeignKeyViolation : public Error {
 public:
  using Error::Error;
};

class Session {
 public:
  virtual ~Session() = default;

  // All rows of a query, each column read as the type asked for (see db/value.h). Throws db::Error.
  template <class... Columns, class... Values>
  std::vector<std::tuple<Columns...>> rows(std::string_view sql, const Values&... values) {
    return rows_of<Columns...>(sql, {to_value(values)...});
  }

  // The same with values that were made before (see db/query.h).
  template <class... Columns>
  std::vector<std::tuple<Columns...>> rows_of(std::string_view sql, std::vector<Value> values) {
    std::vector<std::tuple<Columns...>> out;
    for (const auto& row : fetch(sql, std::move(values), sizeof...(Columns))) {
      out.push_back(read_row<Columns...>(row, std::index_sequence_for<Columns...>{}));
    }
    return out;
  }

  // The first row, if there is one.
  template <class... Columns, class... Values>
  std::optional<std::tuple<Columns...>> find(std::string_view sql, const Values&... values) {
    auto all = rows<Columns...>(sql, values...);
    if (all.empty()) return std::nullopt;
    return std::move(all.front());
  }

  // The one value of a query that always has exactly one row of one column (count(*), exists(...)).
  template <class Column, class... Values>
  Column single(std::string_view sql, const Values&... values) {
    return std::get<0>(find<Column>(sql, values...).value());
  }

  // Runs a statement and returns how many rows it changed.
  template <class... Values>
  std::int64_t execute(std::string_view sql, const Values&... values) {
    return run(sql, {to_value(values)...});
  }

  // The same with values that were made before, where their number is only known when it runs.
  std::int64_t execute_with(std::string_view sql, std::vector<Value> values) { return run(sql, std::move(values)); }

  // Runs an insert of one row into a table with the column `id` and returns what the engine put there.
  template <class... Values>
  std::int64_t insert(std::string_view sql, const Values&... values) {
    return run_insert(sql, {to_value(values)...});
  }

  // Inserts many rows for a fraction of what as many statements cost: `insert` is "INSERT INTO table (columns)",
  // `cells` holds row after row, `tail` is what follows the rows: "" or merge(...).
  void insert_rows(std::string_view insert, std::size_t columns, std::span<const Cell> cells, std::string_view tail) {
    run_rows(insert, columns, cells, tail);
  }

  // The end of an INSERT whose rows may be there already, by the unique index over `key`: such a row is changed
  // instead, as by UPDATE ... SET `set`, where new(column) is the value that was to be inserted.
  virtual std::string merge(std::string_view key, std::string_view set) const = 0;

  // Inside a write: says that it changes what decides on requests, so that what is remembered of it is read again (see
  // db/generation.h).
  virtual void count_change() = 0;

  // Runs the statements of a script, one after another; as a migration file, it has no placeholders.
  void run_script(std::string_view script) {
    for (const auto& statement : split_script(script)) execute(statement);
  }
  virtual std::vector<std::string> split_script(std::string_view script) const = 0;

 protected:
  using FetchedRow = std::vector<std::optional<std::string>>;

  virtual std::vector<FetchedRow> fetch(std::string_view sql, std::vector<Value> values, std::size_t columns) = 0;
  virtual std::int64_t run(std::string_view sql, std::vector<Value> values) = 0;
  virtual std::int64_t run_insert(std::string_view sql, std::vector<Value> values) = 0;
  virtual void run_rows(std::string_view insert, std::size_t columns, std::span<const Cell> cells,
                        std::string_view tail) = 0;

 private:
  template <class... Columns, std::size_t... Index>
  static std::tuple<Columns...> read_row(const FetchedRow& row, std::index_sequence<Index...>) {
    return std::tuple<Columns...>{from_column<Columns>(row[Index])...};
  }
};

}  // namespace spectacles::db
