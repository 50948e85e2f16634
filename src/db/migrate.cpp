#include "db/migrate.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.h"
#include "db/connection.h"

namespace spectacles::db {
namespace {

void require_no_gap(std::span<const Migration> migrations) {
  for (std::size_t at = 0; at < migrations.size(); ++at) {
    if (migrations[at].version != static_cast<int>(at) + 1) {
      throw Error(fmt::format("the migrations have a gap before version {}", migrations[at].version));
    }
  }
}

std::int64_t version_of(Session& session, std::size_t newest) {
  const auto version = session.single<std::int64_t>("select coalesce(max(version), 0) from schema_version");
  if (version > static_cast<std::int64_t>(newest)) {
    throw Error(fmt::format("the database has schema version {}, this program knows versions up to {}: use a newer one",
                            version, newest));
  }
  return version;
}

void record(Session& session, const Migration& migration) {
  session.execute("insert into schema_version (version, name, applied_at) values (:version, :name, :applied_at)",
                  migration.version, migration.name, SystemClock().now());
}

// In a transaction, which takes back everything when it does not come to its end.
void run_whole(Session& session, const Migration& migration, const StepHook& hook) {
  std::size_t number = 0;
  for (const auto& statement : session.split_script(migration.sql)) {
    session.execute(statement);
    if (hook) hook(migration, ++number, StepEnd::ran);
  }
  record(session, migration);
}

// A change of rows; anything else changes the schema, which this engine keeps at once.
bool changes_rows(std::string_view statement) {
  constexpr std::string_view verbs[] = {"insert", "update", "delete", "replace"};
  std::string first(statement.substr(0, statement.find_first_of(" \t\r\n(")));
  std::transform(first.begin(), first.end(), first.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return std::find(std::begin(verbs), std::end(verbs), first) != std::end(verbs);
}

// Statement by statement, each recorded when it is done.
class StepByStep {
 public:
  StepByStep(Session& session, const Migration& migration, const StepHook& hook)
      : session_(session), migration_(migration), hook_(hook) {}

  void run() {
    const auto statements = session_.split_script(migration_.sql);
    const auto done =
        session_.find<std::int64_t>("select done from schema_step where version = :version", migration_.version);
    if (!done) {
      session_.execute("insert into schema_step (version, done) values (:version, 0)", migration_.version);
    }
    for (auto at = static_cast<std::size_t>(done ? std::get<0>(*done) : 0); at < statements.size(); ++at) {
      // Only this statement may have run in a program that was killed before it could record it.
      const bool may_be_done = done && static_cast<std::size_t>(std::get<0>(*done)) == at;
      run(statements[at], at + 1, may_be_done);
    }
    session_.execute("start transaction");
    record(session_, migration_);
    session_.execute("delete from schema_step where version = :version", migration_.version);
    session_.execute("commit");
  }

 private:
  void run(const std::string& statement, std::size_t number, bool may_be_done) {
    const bool together = changes_rows(statement);
    if (together) session_.execute("start transaction");
    try {
      session_.execute(statement);
    } catch (const AlreadyDone&) {
      if (!may_be_done) throw;
    }
    if (hook_) hook_(migration_, number, StepEnd::ran);
    session_.execute("update schema_step set done = :done where version = :version", static_cast<std::int64_t>(number),
                     migration_.version);
    if (together) session_.execute("commit");
    if (hook_) hook_(migration_, number, StepEnd::recorded);
  }

  Session& session_;
  const Migration& migration_;
  const StepHook& hook_;
};

// Runs the first migration that is missing; false when none is. The version is read inside the lock, so that of two
// programs that start at once the second finds the work done.
bool run_next(Database& database, std::span<const Migration> migrations, const StepHook& hook) {
  bool ran = false;
  database.change_schema([&](Session& session) {
    ran = false;
    database.make_bookkeeping(session);
    const auto version = static_cast<std::size_t>(version_of(session, migrations.size()));
    if (version == migrations.size()) return;
    const auto& next = migrations[version];
    if (database.has_transactional_schema()) {
      run_whole(session, next, hook);
    } else {
      StepByStep(session, next, hook).run();
    }
    ran = true;
  });
  return ran;
}

}  // namespace

std::span<const Migration> migrations_of(Engine engine) {
  switch (engine) {
    case Engine::sqlite:
      return sqlite_migrations();
    case Engine::mysql:
      return mysql_migrations();
    case Engine::postgres:
      return postgres_migrations();
  }
  return {};
}

int migrate(Database& database, std::span<const Migration> migrations, const StepHook& hook) {
  require_no_gap(migrations);
  int ran = 0;
  while (run_next(database, migrations, hook)) ++ran;
  if (ran > 0) log::info("schema migrated", {{"migrations", ran}, {"version", migrations.size()}});
  return ran;
}

SchemaState load_schema_state(Database& database, std::span<const Migration> migrations) {
  require_no_gap(migrations);
  SchemaState state{.newest = static_cast<int>(migrations.size()), .entries = {}};
  if (database.has_table("schema_version")) {
    database.read([&](Session& session) {
      state.current = static_cast<int>(version_of(session, migrations.size()));
      state.entries.clear();
      for (auto& [version, name, applied_at] : session.rows<std::int64_t, std::string, Time>(
               "select version, name, applied_at from schema_version order by version")) {
        state.entries.push_back({static_cast<int>(version), std::move(name), applied_at});
      }
    });
  }
  for (const auto& pending : migrations.subspan(static_cast<std::size_t>(state.current))) {
    state.entries.push_back({pending.version, std::string(pending.name), std::nullopt});
  }
  return state;
}

}  // namespace spectacles::db
