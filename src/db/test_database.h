// For tests: a new database on any engine, gone with the test.
//
//   class StoreTest : public db::OnEveryEngine { protected: db::Database database_{options()}; };
//   TEST_P(StoreTest, Keeps) { ... }
//   INSTANTIATE_TEST_SUITE_P(Engines, StoreTest, db::every_engine(), db::engine_name);
//
// Servers are found by SPECTACLES_TEST_MYSQL and SPECTACLES_TEST_POSTGRES, which script/with-databases sets. Without
// them tests on these engines are skipped.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <string>

#include "db/connection.h"
#include "db/database.h"
#include "db/dialect.h"
#include "db/test_folder.h"

namespace spectacles::db {

// The server that tests use for `engine`, nothing when there is none. What script/with-databases makes needs no
// decoding: scheme://user:password@host:port/database.
inline std::optional<Server> find_test_server(Engine engine) {
  if (engine == Engine::sqlite) return std::nullopt;
  const char* set = std::getenv(engine == Engine::mysql ? "SPECTACLES_TEST_MYSQL" : "SPECTACLES_TEST_POSTGRES");
  if (set == nullptr || *set == '\0') return std::nullopt;
  std::string_view rest = set;
  const auto cut = [&](std::string_view mark) {
    const auto at = rest.find(mark);
    if (at == std::string_view::npos) throw std::runtime_error("no address of a test server: " + std::string(set));
    const auto before = rest.substr(0, at);
    rest.remove_prefix(at + mark.size());
    return std::string(before);
  };
  cut("://");
  Server server{.engine = engine, .host = {}, .user = cut(":"), .password = {}, .database = {}};
  server.password = Secret(cut("@"));
  server.host = cut(":");
  server.port = static_cast<std::uint16_t>(std::stoi(cut("/")));
  server.database = rest;
  return server;
}

class TestDatabase {
 public:
  // Where there is no server this is SQLite: fixtures come into being before a test can be skipped.
  explicit TestDatabase(Engine engine) : engine_(engine), server_(find_test_server(engine)) {
    if (!server_) return;
    static std::atomic<int> count = 0;
    name_ = fmt::format("spectacles_test_{}_{}", ::getpid(), ++count);
    // Another collation than the program's, so that a table which relies on that of its database shows.
    on_server(engine == Engine::mysql ? "create database " + name_ + " character set utf8mb4 collate utf8mb4_general_ci"
                                      : "create database " + name_);
  }
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;
  ~TestDatabase() {
    if (!server_) return;
    try {
      on_server("drop database " + name_ + (engine_ == Engine::postgres ? " with (force)" : ""));
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
    }
  }

  bool is_missing() const { return engine_ != Engine::sqlite && !server_; }
  Engine engine() const { return engine_; }
  const std::filesystem::path& folder() const { return folder_.path(); }

  Options options() const {
    if (!server_) return folder_.options();
    Options options{.server = server_};
    options.server->database = name_;
    return options;
  }

  // Runs a statement as the server's administrator, outside the database.
  void on_server(const std::string& statement) const {
    const auto dialect = engine_ == Engine::mysql ? mysql_dialect(*server_) : postgres_dialect(*server_);
    Connection connection(*dialect, Purpose::write, false);
    static_cast<Session&>(connection).execute(statement);
  }

  // Ends every connection to the database from the server's side, as a restart does.
  void kill_connections() const {
    if (engine_ == Engine::postgres) {
      return on_server("select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name_ + "'");
    }
    const auto dialect = mysql_dialect(*server_);
    Connection connection(*dialect, Purpose::write, false);
    Session& session = connection;
    for (const auto& [id] :
         session.rows<std::int64_t>("select id from information_schema.processlist where db = :name", name_)) {
      try {
        session.execute(fmt::format("kill {}", id));
      } catch (const Error&) {
        // It ended by itself after it was listed, as one that was killed before may.
      }
    }
  }

 private:
  const Engine engine_;
  const std::optional<Server> server_;
  std::string name_;
  const TestFolder folder_;
};

class OnEveryEngine : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    if (place_.is_missing()) GTEST_SKIP() << "needs a server: run it under script/with-databases";
  }

  Engine engine() const { return place_.engine(); }
  Options options() const { return place_.options(); }

  TestDatabase place_{GetParam()};
};

inline auto every_engine() {
  return testing::Values(Engine::sqlite, Engine::mysql, Engine::postgres);
}
inline auto every_server() {
  return testing::Values(Engine::mysql, Engine::postgres);
}

inline std::string engine_name(const testing::TestParamInfo<Engine>& info) {
  return info.param == Engine::sqlite ? "sqlite" : info.param == Engine::mysql ? "mariadb" : "postgres";
}

}  // namespace spectacles::db
