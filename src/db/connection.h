// A Session over one SOCI session, which the pool owns and lends out.
#pragma once

#include <functional>
#include <memory>

#include "db/dialect.h"
#include "db/session.h"

namespace spectacles::db {

// The lock is held by another program: the transaction may be tried again as a whole.
class Busy : public Error {
 public:
  using Error::Error;
};

class Connection final : public Session {
 public:
  // Throws db::Error. `dialect` must outlive the connection.
  Connection(const Dialect& dialect, Purpose purpose, bool log_statements);

  void begin();
  void commit();
  // Never throws: when it fails the connection is not fit() any more.
  void rollback() noexcept;

  void run_script(std::string_view script) override;

  // Whether it may be lent out again.
  bool fit() const { return fit_; }

 protected:
  std::vector<FetchedRow> fetch(std::string_view sql, std::vector<Value> values, std::size_t columns) override;
  std::int64_t run(std::string_view sql, std::vector<Value> values) override;
  std::int64_t run_insert(std::string_view sql, std::vector<Value> values) override;

 private:
  struct Columns;

  // Binds `values` and the `columns` to fetch into, executes, and calls `use` while the statement lives.
  void perform(std::string_view sql, std::vector<Value>& values, Columns& columns,
               const std::function<void(soci::statement&, bool got_row)>& use);
  void perform(std::string_view sql);
  [[noreturn]] void raise(std::string_view sql, const soci::soci_error& error);

  const Dialect& dialect_;
  const bool log_statements_;
  const std::shared_ptr<soci::session> session_;
  bool in_transaction_ = false;
  bool fit_ = true;
};

}  // namespace spectacles::db
