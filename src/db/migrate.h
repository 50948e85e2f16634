// Brings the schema to the version that this program was built with.
#pragma once

#include <span>
#include <string_view>

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

// Runs what is missing, each migration in one transaction under a lock that two programs cannot hold at once. Returns
// how many were run. Throws db::Error when the schema is newer than this program knows, naming both versions.
int migrate(Database& database, std::span<const Migration> migrations);

}  // namespace spectacles::db
