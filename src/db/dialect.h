// What differs between the engines, in one place. Everything else in this room speaks through it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "db/address.h"
#include "db/commit_stamp.h"
#include "db/value.h"

namespace soci {
class session;
class soci_error;
class statement;
}  // namespace soci

namespace spectacles::db {

enum class Purpose { read, write };

// What kind of failure the engine reported, as far as the program acts on it.
enum class FaultKind {
  unique,        // a row with this key exists
  foreign_key,   // a row that is pointed at is missing, or would be
  busy,          // another program holds the lock, or won: the whole transaction may be tried again
  already_done,  // what a change of the schema makes exists, or what it drops does not
  slow,          // the statement took longer than it may
  lost,          // the server does not answer on this connection, or is about to go; a new one may find it
  broken,        // the connection is of no use any more
  other,
};

struct Fault {
  FaultKind kind;
  std::string text;  // what the engine says, without values
};

using FetchedRow = std::vector<std::optional<std::string>>;

class Dialect {
 public:
  virtual ~Dialect() = default;

  virtual Engine engine() const = 0;

  // A new connection, set up for its purpose: one for reading cannot change anything. Throws db::Error naming the
  // place, and db::Unavailable when it may be there later.
  virtual std::shared_ptr<soci::session> connect(Purpose purpose) const = 0;

  // Tells without asking whether something was committed; null where only asking tells.
  virtual std::unique_ptr<CommitStamp> commit_stamp() const { return nullptr; }

  // Begins a transaction that may write without meeting another writer later on: writers take turns from here to the
  // end of the transaction, over all programs, and each sees what those before it committed.
  virtual std::span<const std::string_view> begin_write() const = 0;

  virtual bool in_transaction(soci::session& session) const = 0;

  // `sql` as the engine gets it; as_insert: in the form that insert() runs. Throws db::Error when it is not one
  // statement.
  virtual std::string to_statement(std::string_view sql) const = 0;
  virtual std::string as_insert(std::string_view sql) const { return std::string(sql); }

  // See Session::merge.
  virtual std::string merge(std::string_view key, std::string_view set) const;

  // `table` in a FROM, read by this index wherever the engine would choose a worse one.
  virtual std::string by_index(std::string_view table, std::string_view /*index*/) const { return std::string(table); }

  // Runs `sql`, which has `columns` placeholders ("?"), for each row of `cells`; false where one statement for many
  // rows is better, and nothing was done.
  virtual bool run_each(soci::session& /*session*/, const std::string& /*sql*/, std::size_t /*columns*/,
                        std::span<const Cell> /*cells*/) const {
    return false;
  }

  // Throws db::Error when the statement does not take these values or, where the engine tells before it runs, does not
  // give `columns` columns (0: any): mistakes that SOCI lets pass and that lose data silently.
  virtual void check(soci::statement& prepared, std::string_view sql, std::span<const Value> values,
                     std::size_t columns) const = 0;

  // The rows of a statement that was executed, all columns as text. Throws db::Error when they have other than
  // `columns` columns (0: any).
  virtual std::vector<FetchedRow> rows(soci::statement& executed, std::string_view sql, std::size_t columns) const = 0;

  // The id of the row that was just inserted by as_insert(sql).
  virtual std::int64_t inserted_id(soci::session& session, soci::statement& executed) const = 0;

  // `with_values`: the statement had bound values, so that they may stand in what the engine says.
  virtual Fault classify(const soci::soci_error& error, bool with_values) const = 0;

  // The statements of a migration file; semicolons in strings, comments and (on SQLite) triggers separate nothing.
  virtual std::vector<std::string> split(std::string_view script) const = 0;

  // How the schema is changed: whether a transaction takes back what was changed in it; if not, the statements that
  // take and give back a lock that one program at a time holds.
  virtual bool has_transactional_schema() const { return true; }
  virtual std::string_view lock_schema() const { return {}; }
  virtual std::string_view unlock_schema() const { return {}; }

  // Makes the tables that the runner of migrations and begin_write() need, unless they exist.
  virtual std::string_view bookkeeping() const = 0;

  // Counts the tables called `:name`.
  virtual std::string_view count_tables() const = 0;
};

// SQLite in `file`, which is created if it is missing. Throws db::Error.
std::unique_ptr<Dialect> sqlite_dialect(const std::filesystem::path& file);

std::unique_ptr<Dialect> mysql_dialect(const Server& server);
std::unique_ptr<Dialect> postgres_dialect(const Server& server);

}  // namespace spectacles::db
