#include "db/database.h"

#include "db/pool.h"

namespace spectacles::db {
namespace {

std::unique_ptr<Dialect> make_dialect(const Options& options) {
  if (!options.server) return sqlite_dialect(options.sqlite_file);
  return options.server->engine == Engine::mysql ? mysql_dialect(*options.server) : postgres_dialect(*options.server);
}

}  // namespace

Database::Database(const Options& options) : pool_(std::make_unique<Pool>(make_dialect(options), options)) {}

Database::~Database() = default;

Engine Database::engine() const {
  return pool_->dialect().engine();
}

void Database::run_read(const std::function<void(Session&)>& work) {
  pool_->run_read(work);
}

void Database::run_write(const std::function<bool(Session&)>& work) {
  pool_->run_write(work);
}

std::string Database::by_index(std::string_view table, std::string_view index) const {
  return pool_->dialect().by_index(table, index);
}

void Database::change_schema(const std::function<void(Session&)>& work) {
  if (!has_transactional_schema()) return pool_->run_locked(work);
  write([&](Session& session) { work(session); });
}

bool Database::has_transactional_schema() const {
  return pool_->dialect().has_transactional_schema();
}

void Database::make_bookkeeping(Session& session) const {
  session.run_script(pool_->dialect().bookkeeping());
}

bool Database::has_table(std::string_view name) {
  return read([&](Session& session) { return session.single<bool>(pool_->dialect().count_tables(), name); });
}

std::unique_ptr<CommitStamp> Database::commit_stamp() const {
  return pool_->dialect().commit_stamp();
}

std::uint64_t Database::committed_changes() const {
  return pool_->committed_changes();
}

}  // namespace spectacles::db
