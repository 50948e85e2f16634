// PostgreSQL 12 and newer.
#include <fmt/format.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include <algorithm>
#include <array>

#include "db/dialect.h"
#include "db/session.h"
#include "db/sql_text.h"

namespace spectacles::db {
namespace {

// https://www.postgresql.org/docs/current/errcodes-appendix.html
FaultKind kind_of(std::string_view state) {
  const auto is_one_of = [&](std::initializer_list<std::string_view> states) {
    return std::find(states.begin(), states.end(), state) != states.end();
  };
  if (state == "23505") return FaultKind::unique;
  if (is_one_of({"23503", "23001"})) return FaultKind::foreign_key;
  if (is_one_of({"40001", "40P01", "55P03"})) return FaultKind::busy;  // serialization, deadlock, lock_timeout
  if (is_one_of({"42P07", "42701", "42704", "42710"})) return FaultKind::already_done;
  if (state == "57014") return FaultKind::slow;  // longer than statement_timeout
  // Shutting down, starting, recovering, terminated when idle; too many connections; on a replica since a failover.
  if (state.starts_with("08") || is_one_of({"57P01", "57P02", "57P03", "57P05", "25P03", "53300"}))
    return FaultKind::lost;
  return FaultKind::other;
}

// The first line of the server's message: DETAIL, CONTEXT and the statement are in others, and only they and data
// exceptions (class 22) hold values.
std::string text_of(std::string_view state, std::string_view message) {
  if (state.starts_with("22")) return fmt::format("data exception {}", state);
  for (const std::string_view mark : {"ERROR:  ", "FATAL:  ", "PANIC:  "}) {
    if (const auto at = message.find(mark); at != std::string_view::npos) {
      message.remove_prefix(at + mark.size());
      break;
    }
  }
  return std::string(message.substr(0, message.find('\n')));
}

// What libpq says when it could not connect carries no code. These refusals will not pass by waiting.
bool is_lasting_refusal(std::string_view message) {
  constexpr std::array<std::string_view, 5> lasting{"authentication failed", "no pg_hba.conf entry", "does not exist",
                                                    "no password supplied", "not permitted to log in"};
  return std::any_of(lasting.begin(), lasting.end(),
                     [&](std::string_view text) { return message.find(text) != std::string_view::npos; });
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
  return out;
}

// SOCI does not export the type information of its backends, which UBSan would compare at these casts.
[[gnu::no_sanitize("vptr")]] PGconn* handle(soci::session& session) {
  return static_cast<soci::postgresql_session_backend*>(session.get_backend())->conn_;
}

[[gnu::no_sanitize("vptr")]] const PGresult* result_of(soci::statement& statement) {
  return static_cast<soci::postgresql_statement_backend*>(statement.get_backend())->result_.get_result();
}

class PostgresDialect final : public Dialect {
 public:
  explicit PostgresDialect(Server server) : server_(std::move(server)) {}

  Engine engine() const override { return Engine::postgres; }

  std::shared_ptr<soci::session> connect(Purpose purpose) const override {
    try {
      auto session = std::make_shared<soci::session>(soci::postgresql, parameters());
      set_up(*session, purpose);
      return session;
    } catch (const soci::soci_error& error) {
      auto message = error.get_error_message();
      // SOCI's own sentence stands in the first line.
      if (const auto line = message.find('\n'); line != std::string::npos) message.erase(0, line + 1);
      const auto text = fmt::format("cannot reach {}: {}", describe(server_), text_of("", message));
      if (is_lasting_refusal(message)) throw Error(text);
      throw Unavailable(text);
    }
  }

  // The lock ends with the transaction. Its number means this program in this database and nothing else.
  std::span<const std::string_view> begin_write() const override {
    static constexpr std::string_view statements[] = {"begin", "select pg_advisory_xact_lock(7358946710345)"};
    return statements;
  }

  bool in_transaction(soci::session& session) const override {
    const auto status = ::PQtransactionStatus(handle(session));
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
  }

  std::string to_statement(std::string_view sql) const override { return single_statement(sql); }
  std::string as_insert(std::string_view sql) const override { return std::string(sql) + " returning id"; }

  void check(soci::statement&, std::string_view sql, std::span<const Value> values, std::size_t) const override {
    for (const auto& value : values) {
      const auto* text = std::get_if<std::string>(&value);
      if (text != nullptr && text->find('\0') != std::string::npos) {
        throw Error(fmt::format("PostgreSQL keeps no text with a NUL, and one was given to: {}", sql));
      }
    }
  }

  std::vector<FetchedRow> rows(soci::statement& executed, std::string_view sql, std::size_t columns) const override {
    const auto* result = result_of(executed);
    const int given = ::PQnfields(result);
    if (columns != 0 && static_cast<std::size_t>(given) != columns) {
      throw Error(fmt::format("{} columns asked for, {} given by: {}", columns, given, sql));
    }
    std::vector<FetchedRow> rows(static_cast<std::size_t>(::PQntuples(result)), FetchedRow(columns));
    for (std::size_t row = 0; row < rows.size(); ++row) {
      for (std::size_t column = 0; column < columns; ++column) {
        const int at = static_cast<int>(row), field = static_cast<int>(column);
        if (::PQgetisnull(result, at, field) != 0) continue;
        rows[row][column].emplace(::PQgetvalue(result, at, field),
                                  static_cast<std::size_t>(::PQgetlength(result, at, field)));
      }
    }
    return rows;
  }

  std::int64_t inserted_id(soci::session&, soci::statement& executed) const override {
    return parse_integer(rows(executed, "insert", 1).at(0).at(0).value());
  }

  Fault classify(const soci::soci_error& error, bool) const override {
    const auto* reported = dynamic_cast<const soci::postgresql_soci_error*>(&error);
    if (reported == nullptr) return {FaultKind::other, "SOCI refused"};
    const auto state = reported->sqlstate();
    const auto message = error.get_error_message();
    return {kind_of(state), text_of(state, message)};
  }

  std::vector<std::string> split(std::string_view script) const override { return split_statements(script); }

  std::string_view bookkeeping() const override {
    return "create table if not exists schema_version ("
           "version integer not null primary key, name varchar(200) not null, applied_at bigint not null)";
  }

  std::string_view count_tables() const override {
    return "select count(*) from information_schema.tables where table_schema = current_schema() "
           "and table_name = :name";
  }

 private:
  // A URI, since what SOCI does to a list of parameters loses spaces and quotes. A peer that is gone is noticed by the
  // timeouts of TCP, one that is slow by statement_timeout.
  std::string parameters() const {
    const bool is_v6 = server_.host.find(':') != std::string::npos;
    auto user = percent_encoded(server_.user);
    if (!server_.password.empty()) user += ":" + percent_encoded(server_.password.reveal());
    return fmt::format(
        "postgresql://{}@{}:{}/{}?connect_timeout=5&client_encoding=UTF8&application_name=spectacles"
        "&keepalives_idle=20&keepalives_interval=5&keepalives_count=3&tcp_user_timeout=30000",
        user, is_v6 ? "[" + server_.host + "]" : percent_encoded(server_.host), server_.port,
        percent_encoded(server_.database));
  }

  // idle_in_transaction_session_timeout: how long a program that stands still can keep the turn to write.
  static void set_up(soci::session& session, Purpose purpose) {
    session << "set standard_conforming_strings = on; set client_min_messages = warning; set timezone = 'UTC'; "
               "set lock_timeout = '2s'; set idle_in_transaction_session_timeout = '60s'; "
               "set default_transaction_isolation = 'read committed'; set statement_timeout = "
            << (purpose == Purpose::read ? "'30s'; set default_transaction_read_only = on"
                                         : "'60s'; set default_transaction_read_only = off");
  }

  const Server server_;
};

}  // namespace

std::unique_ptr<Dialect> postgres_dialect(const Server& server) {
  return std::make_unique<PostgresDialect>(server);
}

}  // namespace spectacles::db
