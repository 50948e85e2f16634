#include "db/connection.h"

#include <fmt/format.h>
#include <soci/soci.h>

#include <algorithm>
#include <chrono>

#include "base/log.h"
#include "db/sql_text.h"

namespace spectacles::db {
namespace {

// Logs a statement with the time from its making to its end.
class Timer {
 public:
  Timer(std::string_view sql, bool on) : sql_(sql), on_(on), start_(std::chrono::steady_clock::now()) {}
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer() {
    if (!on_) return;
    const auto took = std::chrono::steady_clock::now() - start_;
    log::info("statement",
              {{"sql", sql_}, {"us", std::chrono::duration_cast<std::chrono::microseconds>(took).count()}});
  }

 private:
  const std::string_view sql_;
  const bool on_;
  const std::chrono::steady_clock::time_point start_;
};

// What SOCI reads from while a statement lives: it keeps pointers, so nothing here may move.
class Bound {
 public:
  explicit Bound(std::vector<Value>& values) : values_(values), indicators_(values.size(), soci::i_ok) {}

  // By name, since engines differ in what a name that comes twice means to them by position.
  void bind_to(soci::statement& statement, const std::vector<std::string>& names) {
    for (std::size_t at = 0; at < values_.size(); ++at) {
      if (auto* number = std::get_if<std::int64_t>(&values_[at])) {
        statement.exchange(soci::use(*number, indicators_[at], names[at]));
      } else if (auto* text = std::get_if<std::string>(&values_[at])) {
        statement.exchange(soci::use(*text, indicators_[at], names[at]));
      } else {
        indicators_[at] = soci::i_null;
        statement.exchange(soci::use(nothing_, indicators_[at], names[at]));
      }
    }
  }

 private:
  std::vector<Value>& values_;
  std::vector<soci::indicator> indicators_;
  std::string nothing_;
};

std::vector<std::string> names_for(std::string_view sql, std::size_t values) {
  auto names = placeholders(sql);
  if (names.size() != values) {
    throw Error(fmt::format("{} values given, {} wanted by: {}", values, names.size(), sql));
  }
  return names;
}

// "?, ?, ?"
std::string marks(std::size_t columns) {
  std::string text;
  for (std::size_t column = 0; column < columns; ++column) text += column == 0 ? "?" : ", ?";
  return text;
}

std::pair<std::string, std::vector<Value>> render_rows(std::string_view insert, std::size_t columns,
                                                       std::span<const Cell> cells, std::string_view tail) {
  std::string sql = fmt::format("{} VALUES ", insert);
  std::vector<Value> values;
  values.reserve(cells.size());
  for (const auto& cell : cells) {
    const auto column = values.size() % columns;
    fmt::format_to(std::back_inserter(sql), "{}:v{}{}",
                   column > 0       ? ", "
                   : values.empty() ? "("
                                    : ", (",
                   values.size(), column + 1 == columns ? ")" : "");
    values.push_back(std::visit([](const auto& value) { return to_value(value); }, cell));
  }
  return {sql.append(tail), std::move(values)};
}

}  // namespace

Connection::Connection(const Dialect& dialect, Purpose purpose, bool log_statements)
    : dialect_(dialect), log_statements_(log_statements), session_(dialect.connect(purpose)) {}

// Without this, what follows a statement that ended the transaction would be committed one by one (SQLite, MySQL), and
// engines would differ in what a failed statement leaves of the others (PostgreSQL: nothing).
void Connection::require_transaction() {
  if (!in_transaction_) return;
  if (failed_) throw Error("an earlier statement of the transaction failed");
  if (!dialect_.in_transaction(*session_)) throw Error("the transaction was ended by the database");
}

template <class Use>
auto Connection::perform(std::string_view sql, const std::string& text, std::vector<Value>& values, std::size_t columns,
                         Use use) {
  require_transaction();
  const Timer timer(sql, log_statements_);
  try {
    const auto names = names_for(text, values.size());
    Bound bound(values);
    soci::statement statement(*session_);
    bound.bind_to(statement, names);
    statement.alloc();
    // Prepared and executed at once where the engine can: one way to the server and back instead of three.
    statement.prepare(text, soci::details::st_one_time_query);
    dialect_.check(statement, sql, values, columns);
    statement.define_and_bind();
    statement.execute(true);
    return use(statement);
  } catch (const soci::soci_error& error) {
    failed_ = true;
    raise(sql, error, !values.empty());
  } catch (...) {
    failed_ = true;
    throw;
  }
}

void Connection::count_change() {
  if (!std::exchange(counted_change_, true)) run("UPDATE generation SET value = value + 1", {});
}

void Connection::begin() {
  counted_change_ = false;
  failed_ = false;
  for (const auto statement : dialect_.begin_write()) perform(statement);
  in_transaction_ = true;
}

void Connection::commit() {
  try {
    perform("commit");
  } catch (const Unavailable& error) {
    throw Unavailable(fmt::format("{}; it is not known whether the change was kept", error.what()));
  }
  in_transaction_ = false;
}

void Connection::rollback() noexcept {
  in_transaction_ = false;
  if (!fit_) return;  // the engine does it when it notices
  try {
    // The engine may have rolled back by itself (disk full, I/O error, deadlock).
    if (dialect_.in_transaction(*session_)) perform("rollback");
  } catch (const std::exception& error) {
    fit_ = false;
    log::warn("a transaction could not be rolled back", {{"reason", error.what()}});
  }
}

std::vector<FetchedRow> Connection::fetch(std::string_view sql, std::vector<Value> values, std::size_t columns) {
  return perform(sql, dialect_.to_statement(sql), values, columns,
                 [&](soci::statement& statement) { return dialect_.rows(statement, sql, columns); });
}

std::int64_t Connection::run(std::string_view sql, std::vector<Value> values) {
  return perform(sql, dialect_.to_statement(sql), values, 0,
                 [](soci::statement& statement) -> std::int64_t { return statement.get_affected_rows(); });
}

std::int64_t Connection::run_insert(std::string_view sql, std::vector<Value> values) {
  return perform(sql, dialect_.as_insert(dialect_.to_statement(sql)), values, 0,
                 [&](soci::statement& statement) { return dialect_.inserted_id(*session_, statement); });
}

// Where the engine runs one statement for each row, that is what it gets; elsewhere some hundred rows at once.
void Connection::run_rows(std::string_view insert, std::size_t columns, std::span<const Cell> cells,
                          std::string_view tail) {
  constexpr std::size_t rows_at_once = 200;
  if (cells.size() % columns != 0) throw Error(fmt::format("rows that are not whole were given to: {}", insert));
  require_transaction();
  try {
    const Timer timer(insert, log_statements_);
    if (dialect_.run_each(*session_, fmt::format("{} VALUES ({}){}", insert, marks(columns), tail), columns, cells)) {
      return;
    }
  } catch (const soci::soci_error& error) {
    failed_ = true;
    raise(insert, error, true);
  }
  for (; !cells.empty(); cells = cells.subspan(std::min(cells.size(), rows_at_once * columns))) {
    const auto some = cells.first(std::min(cells.size(), rows_at_once * columns));
    auto [text, values] = render_rows(insert, columns, some, tail);
    perform(insert, text, values, 0, [](soci::statement&) {});
  }
}

void Connection::perform(std::string_view sql) {
  run(sql, {});
}

void Connection::raise(std::string_view sql, const soci::soci_error& error, bool with_values) {
  const auto fault = dialect_.classify(error, with_values);
  const auto text = fmt::format("{} in: {}", fault.text, sql);
  switch (fault.kind) {
    case FaultKind::unique:
      throw UniqueViolation(text);
    case FaultKind::foreign_key:
      throw ForeignKeyViolation(text);
    case FaultKind::busy:
      throw Busy(text);
    case FaultKind::already_done:
      throw AlreadyDone(text);
    case FaultKind::slow:
      throw TooSlow(text);
    case FaultKind::lost:
      fit_ = false;
      throw Unavailable(text);
    case FaultKind::broken:
      fit_ = false;
      break;
    case FaultKind::other:
      break;
  }
  throw Error(text);
}

}  // namespace spectacles::db
