#include "db/connection.h"

#include <fmt/format.h>
#include <soci/soci.h>

#include <chrono>

#include "base/log.h"

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

  void bind_to(soci::statement& statement) {
    for (std::size_t at = 0; at < values_.size(); ++at) {
      if (auto* number = std::get_if<std::int64_t>(&values_[at])) {
        statement.exchange(soci::use(*number, indicators_[at]));
      } else if (auto* text = std::get_if<std::string>(&values_[at])) {
        statement.exchange(soci::use(*text, indicators_[at]));
      } else {
        indicators_[at] = soci::i_null;
        statement.exchange(soci::use(nothing_, indicators_[at]));
      }
    }
  }

 private:
  std::vector<Value>& values_;
  std::vector<soci::indicator> indicators_;
  std::string nothing_;
};

}  // namespace

// Where SOCI puts the columns of the row it is at.
struct Connection::Columns {
  explicit Columns(std::size_t count = 0) : texts(count), indicators(count, soci::i_null) {}

  FetchedRow row() const {
    FetchedRow out(texts.size());
    for (std::size_t at = 0; at < texts.size(); ++at) {
      if (indicators[at] != soci::i_null) out[at] = texts[at];
    }
    return out;
  }

  std::vector<std::string> texts;
  std::vector<soci::indicator> indicators;
};

Connection::Connection(const Dialect& dialect, Purpose purpose, bool log_statements)
    : dialect_(dialect), log_statements_(log_statements), session_(dialect.connect(purpose)) {}

void Connection::begin() {
  perform(dialect_.begin_write());
  in_transaction_ = true;
}

void Connection::commit() {
  perform("commit");
  in_transaction_ = false;
}

void Connection::rollback() noexcept {
  in_transaction_ = false;
  try {
    // The engine may have rolled back by itself (disk full, I/O error).
    if (dialect_.in_transaction(*session_)) perform("rollback");
  } catch (const std::exception& error) {
    fit_ = false;
    log::warn("a transaction could not be rolled back", {{"reason", error.what()}});
  }
}

void Connection::run_script(std::string_view script) {
  for (const auto& statement : dialect_.split(script)) perform(statement);
}

std::vector<Session::FetchedRow> Connection::fetch(std::string_view sql, std::vector<Value> values,
                                                   std::size_t columns) {
  std::vector<FetchedRow> rows;
  Columns into(columns);
  perform(sql, values, into, [&](soci::statement& statement, bool got_row) {
    for (; got_row; got_row = statement.fetch()) rows.push_back(into.row());
  });
  return rows;
}

std::int64_t Connection::run(std::string_view sql, std::vector<Value> values) {
  std::int64_t changed = 0;
  Columns none;
  perform(sql, values, none, [&](soci::statement& statement, bool) { changed = statement.get_affected_rows(); });
  return changed;
}

std::int64_t Connection::run_insert(std::string_view sql, std::vector<Value> values) {
  long long id = 0;
  Columns none;
  perform(sql, values, none, [&](soci::statement&, bool) { session_->get_last_insert_id("", id); });
  return id;
}

void Connection::perform(std::string_view sql) {
  std::vector<Value> values;
  Columns none;
  perform(sql, values, none, [](soci::statement&, bool) {});
}

void Connection::perform(std::string_view sql, std::vector<Value>& values, Columns& columns,
                         const std::function<void(soci::statement&, bool)>& use) {
  // Without this, what follows a statement that ended the transaction would be committed one by one.
  if (in_transaction_ && !dialect_.in_transaction(*session_)) {
    throw Error("the transaction was rolled back by the database");
  }
  const Timer timer(sql, log_statements_);
  try {
    Bound bound(values);
    soci::statement statement(*session_);
    bound.bind_to(statement);
    for (std::size_t at = 0; at < columns.texts.size(); ++at) {
      statement.exchange(soci::into(columns.texts[at], columns.indicators[at]));
    }
    statement.alloc();
    statement.prepare(std::string(sql));
    dialect_.check(statement, sql, values.size(), columns.texts.size());
    statement.define_and_bind();
    use(statement, statement.execute(true));
  } catch (const soci::soci_error& error) {
    raise(sql, error);
  }
}

void Connection::raise(std::string_view sql, const soci::soci_error& error) {
  const auto fault = dialect_.classify(error);
  const auto text = fmt::format("{} in: {}", fault.text, sql);
  switch (fault.kind) {
    case FaultKind::unique:
      throw UniqueViolation(text);
    case FaultKind::foreign_key:
      throw ForeignKeyViolation(text);
    case FaultKind::busy:
      throw Busy(text);
    case FaultKind::connection:
      fit_ = false;
      break;
    case FaultKind::other:
      break;
  }
  throw Error(text);
}

}  // namespace spectacles::db
