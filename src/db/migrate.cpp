#include "db/migrate.h"

#include <fmt/format.h>

#include "base/clock.h"
#include "base/log.h"

namespace spectacles::db {
namespace {

constexpr auto make_table =
    "create table if not exists schema_version ("
    "version integer not null primary key, name varchar(200) not null, applied_at bigint not null)";

// Runs the first migration that is missing; false when none is. The version is read inside the lock, so that of two
// programs that start at once the second finds the work done.
bool run_next(Database& database, std::span<const Migration> migrations) {
  return database.write([&](Session& session) {
    session.execute(make_table);
    const auto version = session.single<std::int64_t>("select coalesce(max(version), 0) from schema_version");
    const auto newest = static_cast<std::int64_t>(migrations.size());
    if (version > newest) {
      throw Error(
          fmt::format("the database has schema version {}, this program knows versions up to {}: use a newer one",
                      version, newest));
    }
    if (version == newest) return false;
    const auto& next = migrations[static_cast<std::size_t>(version)];
    session.run_script(next.sql);
    session.execute("insert into schema_version (version, name, applied_at) values (:version, :name, :applied_at)",
                    next.version, next.name, SystemClock().now());
    return true;
  });
}

}  // namespace

int migrate(Database& database, std::span<const Migration> migrations) {
  for (std::size_t at = 0; at < migrations.size(); ++at) {
    if (migrations[at].version != static_cast<int>(at) + 1) {
      throw Error(fmt::format("the migrations have a gap before version {}", migrations[at].version));
    }
  }
  int ran = 0;
  while (run_next(database, migrations)) ++ran;
  if (ran > 0) log::info("schema migrated", {{"migrations", ran}, {"version", migrations.size()}});
  return ran;
}

}  // namespace spectacles::db
