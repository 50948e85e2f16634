#include "db/dialect.h"

#include <fmt/format.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "db/private_file.h"
#include "db/session.h"

namespace spectacles::db {
namespace {

using namespace std::chrono_literals;
namespace api = sqlite_api;

constexpr int busy_timeout_ms = 2000;
constexpr int open_tries = 50;
constexpr auto open_pause = 100ms;

// SOCI does not export the type information of its backends, which UBSan would compare at these casts.
[[gnu::no_sanitize("vptr")]] api::sqlite3* handle(soci::session& session) {
  return static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_;
}

[[gnu::no_sanitize("vptr")]] api::sqlite3_stmt* handle(soci::statement& statement) {
  return static_cast<soci::sqlite3_statement_backend*>(statement.get_backend())->stmt_;
}

// https://www.sqlite.org/rescode.html; the low byte of an extended code is the primary code.
FaultKind kind_of(int extended, std::string_view text) {
  switch (extended) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return FaultKind::unique;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return FaultKind::foreign_key;
    case SQLITE_CONSTRAINT_TRIGGER:
      // ON DELETE RESTRICT is a trigger inside SQLite and reports as one; only its text tells it from RAISE().
      return text.ends_with("FOREIGN KEY constraint failed") ? FaultKind::foreign_key : FaultKind::other;
    default:
      break;
  }
  switch (extended & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return FaultKind::busy;
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
      return FaultKind::broken;
    default:
      return FaultKind::other;
  }
}

// Where the white space, comments and semicolons at the start of `text` end.
std::size_t skip_blank(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    if (text.substr(at).starts_with("--")) {
      at = std::min(text.find('\n', at), text.size());
    } else if (text.substr(at).starts_with("/*")) {
      const auto end = text.find("*/", at + 2);
      at = end == std::string_view::npos ? text.size() : end + 2;
    } else if (std::string_view(" \t\r\n\f;").find(text[at]) != std::string_view::npos) {
      ++at;
    } else {
      break;
    }
  }
  return at;
}

class SqliteDialect final : public Dialect {
 public:
  explicit SqliteDialect(std::filesystem::path file) : file_(std::move(file)) {}

  std::shared_ptr<soci::session> connect(Purpose purpose) const override {
    // Two programs that open a new file at once may meet where SQLite does not wait by itself: at the switch to WAL.
    for (int tries = open_tries;; --tries) {
      try {
        return open(purpose);
      } catch (const soci::soci_error& error) {
        const auto fault = classify(error, false);
        if (fault.kind != FaultKind::busy || tries == 0) {
          throw Error(fmt::format("cannot open the database {}: {}", file_.string(), fault.text));
        }
        std::this_thread::sleep_for(open_pause);
      }
    }
  }

  Engine engine() const override { return Engine::sqlite; }

  std::unique_ptr<CommitStamp> commit_stamp() const override { return CommitStamp::of(connect(Purpose::read)); }

  std::span<const std::string_view> begin_write() const override {
    static constexpr std::string_view statements[] = {"begin immediate"};
    return statements;
  }

  // Checked where SQLite itself says where the statement ends.
  std::string to_statement(std::string_view sql) const override { return std::string(sql); }

  bool in_transaction(soci::session& session) const override {
    return api::sqlite3_get_autocommit(handle(session)) == 0;
  }

  void check(soci::statement& prepared, std::string_view sql, std::span<const Value> values,
             std::size_t columns) const override {
    auto* statement = handle(prepared);
    if (statement == nullptr) throw Error("there is no statement in: " + std::string(sql));
    const auto first = std::string_view(api::sqlite3_sql(statement)).size();
    if (const auto rest = sql.substr(std::min(first, sql.size())); skip_blank(rest) != rest.size()) {
      throw Error(fmt::format("more than one statement in: {}", sql));
    }
    const auto wanted = static_cast<std::size_t>(api::sqlite3_bind_parameter_count(statement));
    if (wanted != values.size()) {
      throw Error(fmt::format("{} values given, {} wanted by: {}", values.size(), wanted, sql));
    }
    const auto given = static_cast<std::size_t>(api::sqlite3_column_count(statement));
    if (columns != 0 && given != columns) {
      throw Error(fmt::format("{} columns asked for, {} given by: {}", columns, given, sql));
    }
  }

  // By SQLite's own interface: SOCI looks for each placeholder by its name among all others.
  bool run_each(soci::session& session, const std::string& sql, std::size_t columns,
                std::span<const Cell> cells) const override {
    auto* connection = handle(session);
    const auto require = [connection](int result, int wanted) {
      if (result != wanted) throw soci::sqlite3_soci_error(api::sqlite3_errmsg(connection), result);
    };
    api::sqlite3_stmt* prepared = nullptr;
    require(api::sqlite3_prepare_v2(connection, sql.data(), static_cast<int>(sql.size()), &prepared, nullptr),
            SQLITE_OK);
    const std::unique_ptr<api::sqlite3_stmt, int (*)(api::sqlite3_stmt*)> statement(prepared, api::sqlite3_finalize);
    for (; !cells.empty(); cells = cells.subspan(columns)) {
      for (std::size_t at = 0; at < columns; ++at) {
        require(bind(prepared, static_cast<int>(at) + 1, cells[at]), SQLITE_OK);
      }
      require(api::sqlite3_step(prepared), SQLITE_DONE);
      require(api::sqlite3_reset(prepared), SQLITE_OK);
    }
    return true;
  }

  // SOCI has made the first step.
  std::vector<FetchedRow> rows(soci::statement& executed, std::string_view, std::size_t columns) const override {
    std::vector<FetchedRow> rows;
    auto* statement = handle(executed);
    int result = executed.got_data() ? SQLITE_ROW : SQLITE_DONE;
    for (; result == SQLITE_ROW; result = api::sqlite3_step(statement)) {
      auto& row = rows.emplace_back(columns);
      for (std::size_t at = 0; at < columns; ++at) {
        const auto column = static_cast<int>(at);
        const auto* text = reinterpret_cast<const char*>(api::sqlite3_column_text(statement, column));
        if (text != nullptr)
          row[at].emplace(text, static_cast<std::size_t>(api::sqlite3_column_bytes(statement, column)));
      }
    }
    if (result != SQLITE_DONE) {
      throw soci::sqlite3_soci_error(api::sqlite3_errmsg(api::sqlite3_db_handle(statement)), result);
    }
    return rows;
  }

  std::int64_t inserted_id(soci::session& session, soci::statement&) const override {
    return api::sqlite3_last_insert_rowid(handle(session));
  }

  Fault classify(const soci::soci_error& error, bool) const override {
    // what() would add the bound values; and SOCI puts the name of its function before the text of SQLite.
    std::string text = error.get_error_message();
    constexpr std::string_view soci_prefix = "sqlite3_statement_backend::";
    if (text.starts_with(soci_prefix)) text = text.substr(text.find(": ") + 2);
    const auto* reported = dynamic_cast<const soci::sqlite3_soci_error*>(&error);
    const auto kind = reported ? kind_of(reported->result(), text) : FaultKind::other;
    return {kind, std::move(text)};
  }

  std::vector<std::string> split(std::string_view script) const override {
    std::vector<std::string> statements;
    std::string statement;
    script.remove_prefix(skip_blank(script));
    while (!script.empty()) {
      const auto end = std::min(script.find(';'), script.size() - 1) + 1;
      statement += script.substr(0, end);
      script.remove_prefix(end);
      if (api::sqlite3_complete(statement.c_str()) != 0 || script.empty()) {
        statements.push_back(std::exchange(statement, {}));
        script.remove_prefix(skip_blank(script));
      }
    }
    return statements;
  }

  std::string_view bookkeeping() const override {
    return "create table if not exists schema_version ("
           "version integer not null primary key, name varchar(200) not null, applied_at bigint not null)";
  }

  std::string_view count_tables() const override {
    return "select count(*) from sqlite_master where type = 'table' and name = :name";
  }

 private:
  static int bind(api::sqlite3_stmt* statement, int at, const Cell& cell) {
    if (const auto* number = std::get_if<std::int64_t>(&cell)) return api::sqlite3_bind_int64(statement, at, *number);
    const auto* text = std::get_if<std::string_view>(&cell);
    if (text == nullptr) return api::sqlite3_bind_null(statement, at);
    // Without a destructor (SQLITE_STATIC): the text stands where it is until the row is written. Not null: that is
    // NULL.
    return api::sqlite3_bind_text(statement, at, text->empty() ? "" : text->data(), static_cast<int>(text->size()),
                                  nullptr);
  }

  std::shared_ptr<soci::session> open(Purpose purpose) const {
    auto session = std::make_shared<soci::session>(soci::sqlite3, fmt::format("dbname=\"{}\"", file_.string()));
    auto* connection = handle(*session);
    api::sqlite3_extended_result_codes(connection, 1);
    api::sqlite3_busy_timeout(connection, busy_timeout_ms);
    // A misspelt column in double quotes is an error, as on other engines, not a text.
    api::sqlite3_db_config(connection, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    api::sqlite3_db_config(connection, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
    *session << "pragma journal_mode = wal";
    *session << "pragma synchronous = full";  // what was acknowledged survives a loss of power
    *session << "pragma foreign_keys = on";
    *session << "pragma trusted_schema = off";
    if (purpose == Purpose::read) *session << "pragma query_only = on";
    return session;
  }

  const std::filesystem::path file_;
};

}  // namespace

std::unique_ptr<Dialect> sqlite_dialect(const std::filesystem::path& file) {
  // Absolute, so that SQLite takes no name for a URI or for a database in memory.
  const auto path = std::filesystem::absolute(file);
  if (path.string().find('"') != std::string::npos) {
    throw Error("the path of the database must not hold a quotation mark: " + path.string());
  }
  create_private_file(path);
  return std::make_unique<SqliteDialect>(path);
}

}  // namespace spectacles::db
