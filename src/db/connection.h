// A Session over one SOCI session, which the pool owns and lends out.
#pragma once

#include <memory>

#include "base/too_much.h"
#include "db/dialect.h"
#include "db/session.h"

namespace spectacles::db {

// The lock is held by another program, or it won: the transaction may be tried again as a whole.
class Busy : public Error {
 public:
  using Error::Error;
};

// What a change of the schema would make is there already, or what it would drop is not.
class AlreadyDone : public Error {
 public:
  using Error::Error;
};

// The server gave up on a statement that took longer than it may.
class TooSlow : public Error, public TooMuch {
 public:
  using Error::Error;
};

class Connection final : public Session {
 public:
  // Throws db::Error. `dialect` must outlive the connection.
  Connection(const Dialect& dialect, Purpose purpose, bool log_statements);

  void begin();
  // Throws db::Error also when a statement of the transaction failed.
  void commit();
  // Whether the transaction that was committed last had called count_change().
  bool counted_change() const { return counted_change_; }
  // Never throws: when it fails the connection is not fit() any more.
  void rollback() noexcept;

  void count_change() override;
  std::vector<std::string> split_script(std::string_view script) const override { return dialect_.split(script); }

  std::string merge(std::string_view key, std::string_view set) const override { return dialect_.merge(key, set); }

  // Whether it may be lent out again.
  bool fit() const { return fit_; }

 protected:
  std::vector<FetchedRow> fetch(std::string_view sql, std::vector<Value> values, std::size_t columns) override;
  std::int64_t run(std::string_view sql, std::vector<Value> values) override;
  std::int64_t run_insert(std::string_view sql, std::vector<Value> values) override;
  void run_rows(std::string_view insert, std::size_t columns, std::span<const Cell> cells,
                std::string_view tail) override;

 private:
  // Binds `values`, executes `text`, and calls `use(statement)` while the statement lives. `sql` is what it is called
  // in the log and in errors.
  template <class Use>
  auto perform(std::string_view sql, const std::string& text, std::vector<Value>& values, std::size_t columns, Use use);
  void perform(std::string_view sql);
  void require_transaction();
  [[noreturn]] void raise(std::string_view sql, const soci::soci_error& error, bool with_values);

  const Dialect& dialect_;
  const bool log_statements_;
  const std::shared_ptr<soci::session> session_;
  bool in_transaction_ = false;
  bool failed_ = false;  // a statement of this transaction
  bool counted_change_ = false;
  bool fit_ = true;
};

}  // namespace spectacles::db
