// MariaDB 10.5 and newer, MySQL 8.
#include <fmt/format.h>
#include <soci/mysql/soci-mysql.h>
#include <soci/soci.h>

#include <algorithm>

#include "db/dialect.h"
#include "db/session.h"
#include "db/sql_text.h"

namespace spectacles::db {
namespace {

// https://mariadb.com/kb/en/mariadb-error-codes/; from 2000 on the numbers are the client library's.
FaultKind kind_of(int number) {
  switch (number) {
    case 1062:  // duplicate entry
    case 1586:
      return FaultKind::unique;
    case 1451:  // a row is referenced
    case 1452:  // a row that is referenced is missing
    case 1216:
    case 1217:
      return FaultKind::foreign_key;
    case 1205:  // waited too long for a lock
    case 1213:  // deadlock; in a Galera cluster another node was first
    case 1020:  // the record has changed since it was read
      return FaultKind::busy;
    case 1969:  // MariaDB: longer than max_statement_time
    case 3024:  // MySQL: longer than max_execution_time
      return FaultKind::slow;
    case 1050:  // table exists
    case 1051:  // unknown table
    case 1060:  // duplicate column
    case 1061:  // duplicate key name
    case 1068:  // several primary keys
    case 1091:  // no such column or key to drop
    case 1146:  // no such table to rename
    case 1826:  // duplicate foreign key
      return FaultKind::already_done;
    case 1040:  // too many connections
    case 1047:  // a Galera node that is not ready
    case 1053:  // the server shuts down
    case 1129:  // the host is blocked after many errors
    case 1203:  // too many connections of this user
    case 1290:  // a replica since a failover: read-only
    case 1836:
    case 1927:  // killed
    case 4031:  // idle for too long
      return FaultKind::lost;
    default:
      return number >= 2000 && number < 3000 ? FaultKind::lost : FaultKind::other;
  }
}

// SOCI puts bound values into the text of a statement, and the server quotes from it. These messages only name parts of
// the schema.
bool names_no_values(int number) {
  constexpr int known[] = {1048, 1050, 1051, 1054, 1060, 1061, 1091, 1142, 1146, 1205, 1213, 1216,
                           1217, 1264, 1364, 1406, 1451, 1452, 1792, 1969, 3024, 3819, 4025};
  const bool is_of_client = number >= 2000 && number < 3000;
  return is_of_client || std::find(std::begin(known), std::end(known), number) != std::end(known);
}

// What the server says, without values of the statement or of the table.
std::string text_of(int number, const std::string& message, bool with_values) {
  if (number == 1062) {
    constexpr std::string_view before_key = " for key ";
    const auto at = message.rfind(before_key);
    return "duplicate entry" + (at == std::string::npos ? "" : message.substr(at));
  }
  if (with_values && !names_no_values(number)) return fmt::format("error {} of the server", number);
  return message;
}

// A value in SOCI's list of connection parameters.
std::string as_parameter(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

// SOCI does not export the type information of its backends, which UBSan would compare at these casts.
[[gnu::no_sanitize("vptr")]] MYSQL* handle(soci::session& session) {
  return static_cast<soci::mysql_session_backend*>(session.get_backend())->conn_;
}

[[gnu::no_sanitize("vptr")]] MYSQL_RES* result_of(soci::statement& statement) {
  return static_cast<soci::mysql_statement_backend*>(statement.get_backend())->result_;
}

class MysqlDialect final : public Dialect {
 public:
  explicit MysqlDialect(Server server) : server_(std::move(server)) {}

  Engine engine() const override { return Engine::mysql; }

  std::shared_ptr<soci::session> connect(Purpose purpose) const override {
    try {
      auto session = std::make_shared<soci::session>(soci::mysql, parameters(purpose));
      set_up(*session, purpose);
      return session;
    } catch (const soci::soci_error& error) {
      const auto fault = classify(error, false);
      const auto text = fmt::format("cannot reach {}: {}", describe(server_), fault.text);
      if (fault.kind == FaultKind::lost) throw Unavailable(text);
      throw Error(text);
    }
  }

  // The row lock is kept until the transaction ends. An UPDATE and not SELECT ... FOR UPDATE, since the nodes of a
  // Galera cluster know of each other's changes only: of two that took the turn at once, the later one is told at its
  // commit.
  std::span<const std::string_view> begin_write() const override {
    static constexpr std::string_view statements[] = {"start transaction", "update write_turn set turn = turn + 1"};
    return statements;
  }

  // Ends with a failed statement only where the server rolled all back, which Connection treats like any failure.
  bool in_transaction(soci::session& session) const override {
    return (handle(session)->server_status & SERVER_STATUS_IN_TRANS) != 0;
  }

  std::string to_statement(std::string_view sql) const override { return single_statement(sql); }

  // By whichever unique index.
  std::string merge(std::string_view, std::string_view set) const override {
    return " ON DUPLICATE KEY UPDATE " + replace_new(set, "VALUES(", ")");
  }

  std::string by_index(std::string_view table, std::string_view index) const override {
    return fmt::format("{} FORCE INDEX ({})", table, index);
  }

  void check(soci::statement&, std::string_view, std::span<const Value>, std::size_t) const override {}

  std::vector<FetchedRow> rows(soci::statement& executed, std::string_view sql, std::size_t columns) const override {
    std::vector<FetchedRow> rows;
    auto* result = result_of(executed);
    const std::size_t given = result == nullptr ? 0 : ::mysql_num_fields(result);
    if (columns != 0 && given != columns) {
      throw Error(fmt::format("{} columns asked for, {} given by: {}", columns, given, sql));
    }
    if (result == nullptr) return rows;
    ::mysql_data_seek(result, 0);
    while (auto* const fields = ::mysql_fetch_row(result)) {
      const auto* const lengths = ::mysql_fetch_lengths(result);
      auto& row = rows.emplace_back(given);
      for (std::size_t at = 0; at < given; ++at) {
        if (fields[at] != nullptr) row[at].emplace(fields[at], lengths[at]);
      }
    }
    return rows;
  }

  std::int64_t inserted_id(soci::session& session, soci::statement&) const override {
    return static_cast<std::int64_t>(::mysql_insert_id(handle(session)));
  }

  Fault classify(const soci::soci_error& error, bool with_values) const override {
    const auto* reported = dynamic_cast<const soci::mysql_soci_error*>(&error);
    if (reported == nullptr) return {FaultKind::other, with_values ? "SOCI refused" : error.get_error_message()};
    const int number = static_cast<int>(reported->err_num_);
    return {kind_of(number), text_of(number, error.get_error_message(), with_values)};
  }

  std::vector<std::string> split(std::string_view script) const override { return split_statements(script); }

  bool has_transactional_schema() const override { return false; }

  // A lock belongs to the server: its name says which database it is for.
  std::string_view lock_schema() const override {
    return "select get_lock(concat('spectacles-', sha1(database())), 60)";
  }
  std::string_view unlock_schema() const override {
    return "select release_lock(concat('spectacles-', sha1(database())))";
  }

  std::string_view bookkeeping() const override {
    return "create table if not exists schema_version ("
           "  version integer not null primary key, name varchar(200) not null, applied_at bigint not null"
           ") engine = innodb default charset = utf8mb4 collate = utf8mb4_bin;"
           "create table if not exists schema_step ("
           "  version integer not null primary key, done integer not null) engine = innodb;"
           "create table if not exists write_turn (id integer not null primary key, turn bigint not null) "
           "engine = innodb;"
           "insert ignore into write_turn (id, turn) values (1, 0)";
  }

  std::string_view count_tables() const override {
    return "select count(*) from information_schema.tables where table_schema = database() and table_name = :name";
  }

 private:
  std::string parameters(Purpose purpose) const {
    constexpr int connect_seconds = 5;
    constexpr int write_seconds = 30;
    const int read_seconds = purpose == Purpose::read ? 30 : 60;
    auto text = fmt::format("host={} port={} user={} db={} charset=utf8mb4", as_parameter(server_.host), server_.port,
                            as_parameter(server_.user), as_parameter(server_.database));
    if (!server_.password.empty()) text += " pass=" + as_parameter(server_.password.reveal());
    return text + fmt::format(" connect_timeout={} read_timeout={} write_timeout={}", connect_seconds, read_seconds,
                              write_seconds);
  }

  // SOCI connects with CLIENT_FOUND_ROWS: an UPDATE counts the rows that matched, as on other engines.
  static void set_up(soci::session& session, Purpose purpose) {
    // wait_timeout: how long a program that vanished without a word can keep the turn to write.
    session << "set session sql_mode = 'STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,ERROR_FOR_DIVISION_BY_ZERO,"
               "NO_ENGINE_SUBSTITUTION,PIPES_AS_CONCAT', time_zone = '+00:00', collation_connection = utf8mb4_bin, "
               "innodb_lock_wait_timeout = 2, autocommit = 1, wait_timeout = "
            << (purpose == Purpose::read ? 600 : 60);
    // Before the client's own timeout, which costs the connection. Either server takes its variable and not the other.
    if (purpose == Purpose::read) {
      session << "set session autocommit = 1 /*M!100101 , max_statement_time = 25 */ "
                 "/*!80000 , max_execution_time = 25000 */";
    }
    // Not the default, REPEATABLE READ: whoever has the turn to write must see what those before him committed.
    session << (purpose == Purpose::read ? "set session transaction isolation level read committed, read only"
                                         : "set session transaction isolation level read committed, read write");
  }

  const Server server_;
};

}  // namespace

std::unique_ptr<Dialect> mysql_dialect(const Server& server) {
  return std::make_unique<MysqlDialect>(server);
}

}  // namespace spectacles::db
