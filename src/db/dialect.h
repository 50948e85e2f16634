// What differs between the engines, in one place. Everything else in this room speaks through it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace soci {
class session;
class soci_error;
class statement;
}  // namespace soci

namespace spectacles::db {

enum class Purpose { read, write };

// What kind of failure the engine reported, as far as the program acts on it.
enum class FaultKind {
  unique,       // a row with this key exists
  foreign_key,  // a row that is pointed at is missing, or would be
  busy,         // another program holds the lock: the whole transaction may be tried again
  connection,   // the connection is of no use any more
  other,
};

struct Fault {
  FaultKind kind;
  std::string text;  // what the engine says, without values
};

class Dialect {
 public:
  virtual ~Dialect() = default;

  // A new connection, set up for its purpose: one for reading cannot change anything. Throws db::Error.
  virtual std::shared_ptr<soci::session> connect(Purpose purpose) const = 0;

  // Begins a transaction that may write without meeting another writer later on.
  virtual std::string_view begin_write() const = 0;

  virtual bool in_transaction(soci::session& session) const = 0;

  // Throws db::Error when the prepared statement does not take `values` values, does not give `columns` columns, or is
  // only the first of several in `sql`: mistakes that SOCI lets pass and that lose data silently.
  virtual void check(soci::statement& statement, std::string_view sql, std::size_t values,
                     std::size_t columns) const = 0;

  virtual Fault classify(const soci::soci_error& error) const = 0;

  // The statements of a migration file; semicolons in strings, comments and triggers separate nothing.
  virtual std::vector<std::string> split(std::string_view script) const = 0;
};

// SQLite in `file`, which is created if it is missing. Throws db::Error.
std::unique_ptr<Dialect> sqlite_dialect(const std::filesystem::path& file);

}  // namespace spectacles::db
