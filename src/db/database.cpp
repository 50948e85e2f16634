#include "db/database.h"

#include "db/pool.h"

namespace spectacles::db {

Database::Database(const Options& options)
    : pool_(std::make_unique<Pool>(sqlite_dialect(options.sqlite_file), options)) {}

Database::~Database() = default;

void Database::run_read(const std::function<void(Session&)>& work) {
  pool_->run_read(work);
}

void Database::run_write(const std::function<bool(Session&)>& work) {
  pool_->run_write(work);
}

}  // namespace spectacles::db
