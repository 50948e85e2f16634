// The database behind one facade: engines are known here, tables are not.
//
//   database.read([&](db::Session& session) { return session.rows<AccountId, std::string>("select ...", name); });
//   database.write([&](db::Session& session) -> Result<AccountId> { ... });
//
// A write is one transaction. It commits when the function returns, and rolls back when it returns a refusal or throws.
// Writers take turns, over all programs that use the database: each sees what those before it committed, so what it has
// checked stays true until it commits. The function of a read or a write may run more than once (a connection that was
// lost, a deadlock, a busy database): it must not change anything but the database.
//
// A connection that was lost is replaced: a read is run once more on a new one, and so is a write of which nothing had
// been done yet. What cannot be done because the database does not answer throws db::Unavailable.
//
// On a thread that must not wait (base/waiting.h) both throw WouldWait and do nothing.
//
// Nesting on one thread is allowed, and never waits for a second connection: a read inside a read or a write uses the
// same connection (so inside a write it sees what is not committed yet), a write inside a read has the writer's own. A
// write inside a write throws db::Error.
//
// The room: session, value and like are what stores see; pool lends connections, connection speaks SOCI, the dialects
// know the engines; sql_text takes statements apart; turnstile is how threads queue; migrate brings the schema up to
// date.
#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>

#include "base/result.h"
#include "db/address.h"
#include "db/commit_stamp.h"
#include "db/session.h"

namespace spectacles::db {

struct Options {
  std::filesystem::path sqlite_file = {};  // created with owner-only permissions, as is its folder
  std::optional<Server> server = {};       // if given, this and not the file
  int connections = 8;                     // how many may be in use at once: one writes, the others (at least one) read
  bool log_statements = false;             // every statement with its time, never its values
};

class Database {
 public:
  // Opens, does not migrate. Throws db::Error naming the place when the database cannot be opened, and db::Unavailable
  // when a server is not there or not ready.
  explicit Database(const Options& options);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  Engine engine() const;

  // Runs `work(Session&)` outside a transaction and returns what it returns; a statement that would change something
  // throws db::Error. Waits for a free connection; throws db::Unavailable when none comes free in ten seconds.
  template <std::invocable<Session&> Work>
  auto read(Work&& work) {
    using Returned = std::invoke_result_t<Work, Session&>;
    if constexpr (std::is_void_v<Returned>) {
      run_read([&](Session& session) { work(session); });
    } else {
      std::optional<Returned> returned;
      run_read([&](Session& session) { returned.emplace(work(session)); });
      return std::move(*returned);
    }
  }

  // Runs `work(Session&)` as a transaction; see above. Writers of this program take turns in the order in which they
  // came. Throws db::Unavailable when the turn does not come in ten seconds or other programs keep it for about as
  // long.
  template <std::invocable<Session&> Work>
  auto write(Work&& work) {
    using Returned = std::invoke_result_t<Work, Session&>;
    if constexpr (std::is_void_v<Returned>) {
      run_write([&](Session& session) {
        work(session);
        return true;
      });
    } else {
      std::optional<Returned> returned;
      run_write([&](Session& session) {
        returned.emplace(work(session));
        return !is_refusal(*returned);
      });
      return std::move(*returned);
    }
  }

  // How many writes of this program were committed that had called Session::count_change().
  std::uint64_t committed_changes() const;

  // Tells without asking whether any program has committed something; null where only asking tells (on servers).
  std::unique_ptr<CommitStamp> commit_stamp() const;

  // `table` as a FROM names it, to be read by this index wherever the engine would choose a worse one.
  std::string by_index(std::string_view table, std::string_view index) const;

  // For migrations alone: runs `work(Session&)` while no other program does the same. Where has_transactional_schema()
  // this is a write; elsewhere (MySQL) each statement is kept at once, and every change of the schema has to be one.
  void change_schema(const std::function<void(Session&)>& work);
  bool has_transactional_schema() const;

  // Makes the tables that migrations and the turns of writers are recorded in, unless they exist. For change_schema.
  void make_bookkeeping(Session& session) const;

  bool has_table(std::string_view name);

 private:
  template <class T>
  static bool is_refusal(const T&) {
    return false;
  }
  template <class T>
  static bool is_refusal(const Result<T>& result) {
    return !result.has_value();
  }

  void run_read(const std::function<void(Session&)>& work);
  void run_write(const std::function<bool(Session&)>& work);  // true: commit

  class Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace spectacles::db
