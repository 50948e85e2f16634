// The connections of a Database: one that writes, and some that read.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/synced.h"
#include "db/connection.h"
#include "db/database.h"
#include "db/turnstile.h"

namespace spectacles::db {

class Database::Pool {
 public:
  Pool(std::unique_ptr<Dialect> dialect, const Options& options);

  void run_read(const std::function<void(Session&)>& work);
  void run_write(const std::function<bool(Session&)>& work);
  // On the writer's connection, without a transaction, inside the lock of the schema.
  void run_locked(const std::function<void(Session&)>& work);

  // How many writes that had called count_change() were committed.
  std::uint64_t committed_changes() const { return committed_changes_.load(std::memory_order_acquire); }

  const Dialect& dialect() const { return *dialect_; }

 private:
  // A connection that this thread is using, so that what it nests finds it again.
  class Lent;

  std::unique_ptr<Connection> take_reader();
  void give_back(std::unique_ptr<Connection> connection);
  // The others were most likely lost with the one that was.
  void drop_idle_readers() { idle_readers_.lock()->clear(); }

  bool try_write(const std::function<bool(Session&)>& work);
  void begin_write();
  Connection& writer();

  const std::unique_ptr<Dialect> dialect_;
  const bool log_statements_;
  std::atomic<std::uint64_t> committed_changes_ = 0;
  Turnstile reading_;
  Turnstile writing_{1};
  Synced<std::vector<std::unique_ptr<Connection>>> idle_readers_;
  std::unique_ptr<Connection> writer_;  // belongs to who is inside writing_
};

}  // namespace spectacles::db
