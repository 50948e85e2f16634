#include "db/pool.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace spectacles::db {
namespace {

using namespace std::chrono_literals;

constexpr auto max_wait = 10s;
constexpr int write_tries = 5;  // each waits for the engine's own timeout first
constexpr auto retry_pause = 20ms;

class Place {
 public:
  Place(Turnstile& turnstile, const char* what) : turnstile_(turnstile) {
    if (!turnstile_.enter(max_wait)) throw Error(std::string("no database connection came free for ") + what);
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() { turnstile_.leave(); }

 private:
  Turnstile& turnstile_;
};

}  // namespace

class Database::Pool::Lent {
 public:
  Lent(const Pool& pool, Connection& connection, bool writing)
      : pool_(pool), connection_(connection), writing_(writing), outer_(std::exchange(innermost, this)) {}
  Lent(const Lent&) = delete;
  Lent& operator=(const Lent&) = delete;
  ~Lent() { innermost = outer_; }

  // The connection of `pool` that this thread is using, nullptr if none.
  static Connection* find(const Pool& pool) {
    for (auto* lent = innermost; lent != nullptr; lent = lent->outer_) {
      if (&lent->pool_ == &pool) return &lent->connection_;
    }
    return nullptr;
  }

  static bool is_writing(const Pool& pool) {
    for (auto* lent = innermost; lent != nullptr; lent = lent->outer_) {
      if (&lent->pool_ == &pool && lent->writing_) return true;
    }
    return false;
  }

 private:
  static thread_local Lent* innermost;

  const Pool& pool_;
  Connection& connection_;
  const bool writing_;
  Lent* const outer_;
};

thread_local Database::Pool::Lent* Database::Pool::Lent::innermost = nullptr;

// One of the connections is the writer's own: a writer never waits for readers.
Database::Pool::Pool(std::unique_ptr<Dialect> dialect, const Options& options)
    : dialect_(std::move(dialect)),
      log_statements_(options.log_statements),
      reading_(std::max(options.connections - 1, 1)),
      writer_(std::make_unique<Connection>(*dialect_, Purpose::write, log_statements_)) {}

void Database::Pool::run_read(const std::function<void(Session&)>& work) {
  if (auto* connection = Lent::find(*this)) return work(*connection);
  const Place place(reading_, "reading");
  auto connection = take_reader();
  try {
    const Lent lent(*this, *connection, false);
    work(*connection);
  } catch (...) {
    give_back(std::move(connection));
    throw;
  }
  give_back(std::move(connection));
}

std::unique_ptr<Connection> Database::Pool::take_reader() {
  {
    auto idle = idle_readers_.lock();
    if (!idle->empty()) {
      auto connection = std::move(idle->back());
      idle->pop_back();
      return connection;
    }
  }
  return std::make_unique<Connection>(*dialect_, Purpose::read, log_statements_);
}

void Database::Pool::give_back(std::unique_ptr<Connection> connection) {
  if (connection->fit()) idle_readers_.lock()->push_back(std::move(connection));
}

void Database::Pool::run_write(const std::function<bool(Session&)>& work) {
  if (Lent::is_writing(*this)) throw Error("a write was begun inside a write of the same thread");
  const Place place(writing_, "writing");
  for (int tries = write_tries; !try_write(work); --tries) {
    if (tries == 1) throw Error("the database is locked by another program");
    std::this_thread::sleep_for(retry_pause);
  }
}

// False when another program was in the way and the work may be tried again.
bool Database::Pool::try_write(const std::function<bool(Session&)>& work) {
  if (!writer_ || !writer_->fit()) {
    writer_.reset();
    writer_ = std::make_unique<Connection>(*dialect_, Purpose::write, log_statements_);
  }
  const Lent lent(*this, *writer_, true);
  try {
    writer_->begin();
    if (work(*writer_)) {
      writer_->commit();
    } else {
      writer_->rollback();
    }
    return true;
  } catch (const Busy&) {
    writer_->rollback();
    return false;
  } catch (...) {
    writer_->rollback();
    throw;
  }
}

}  // namespace spectacles::db
