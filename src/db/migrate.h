// Brings the schema to the version that this program was built with.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "db/database.h"

namespace spectacles::db {

// One file of src/db/migrations/<engine>/V<version>__<name>.sql, embedded in the program at build time.
struct Migration {
  int version;
  std::string_view name;
  std::string_view sql;
};

// All migrations of an engine in order, from version 1 without a gap.
std::span<const Migration> sqlite_migrations();
std::span<const Migration> mysql_migrations();
std::span<const Migration> postgres_migrations();
std::span<const Migration> migrations_of(Engine engine);

// For tests, which throw from it to stand for a program that was killed: called after each statement of a migration,
// and where these are recorded one by one (MySQL) again after that.
enum class StepEnd { ran, recorded };
using StepHook = std::function<void(const Migration& migration, std::size_t statement, StepEnd end)>;

// Runs what is missing under a lock that two programs cannot hold at once: each migration as one transaction where the
// engine can take back changes of the schema, else statement by statement, going on behind the last one that was done.
// Returns how many were run. Throws db::Error when the schema is newer than this program knows, naming both versions.
int migrate(Database& database, std::span<const Migration> migrations, const StepHook& hook = {});

struct SchemaState {
  struct Entry {
    int version;
    std::string name;
    std::optional<Time> applied_at;  // nothing: pending
  };
  int current = 0;  // the version that the database has
  int newest = 0;   // the version that this program knows
  std::vector<Entry> entries;

  bool is_up_to_date() const { return current >= newest; }
};

// Changes nothing. Throws db::Error as migrate() does.
SchemaState load_schema_state(Database& database, std::span<const Migration> migrations);

}  // namespace spectacles::db
