#include "db/pool.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "base/waiting.h"

namespace spectacles::db {
namespace {

using namespace std::chrono_literals;

constexpr auto max_wait = 10s;
constexpr auto max_retrying = 10s;  // each try waits for the engine's own timeout first, which is shorter
constexpr auto retry_pause = 20ms;

class Place {
 public:
  Place(Turnstile& turnstile, const char* what) : turnstile_(turnstile) {
    if (!turnstile_.enter(max_wait)) {
      throw Unavailable(std::string("no database connection came free for ") + what);
    }
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
  before_waiting();
  if (auto* connection = Lent::find(*this)) return work(*connection);
  const Place place(reading_, "reading");
  for (bool may_try_again = true;; may_try_again = false) {
    auto connection = take_reader();
    try {
      const Lent lent(*this, *connection, false);
      work(*connection);
      return give_back(std::move(connection));
    } catch (...) {
      const bool lost = !connection->fit();
      give_back(std::move(connection));
      if (!lost) throw;
      drop_idle_readers();
      if (!may_try_again) throw;
    }
  }
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
  before_waiting();
  if (Lent::is_writing(*this)) throw Error("a write was begun inside a write of the same thread");
  const Place place(writing_, "writing");
  const auto end = std::chrono::steady_clock::now() + max_retrying;
  while (!try_write(work)) {
    if (std::chrono::steady_clock::now() > end) throw Unavailable("the database is locked by another program");
    std::this_thread::sleep_for(retry_pause);
  }
}

Connection& Database::Pool::writer() {
  if (!writer_ || !writer_->fit()) {
    writer_.reset();
    writer_ = std::make_unique<Connection>(*dialect_, Purpose::write, log_statements_);
  }
  return *writer_;
}

// A connection that was lost while it was idle shows it here, where nothing has been done yet.
void Database::Pool::begin_write() {
  try {
    writer().begin();
  } catch (const Unavailable&) {
    if (writer_ && writer_->fit()) throw;
    drop_idle_readers();
    writer().begin();
  }
}

// False when another program was in the way and the work may be tried again.
bool Database::Pool::try_write(const std::function<bool(Session&)>& work) {
  try {
    begin_write();
    const Lent lent(*this, *writer_, true);
    if (work(*writer_)) {
      writer_->commit();
      if (writer_->counted_change()) committed_changes_.fetch_add(1, std::memory_order_acq_rel);
    } else {
      writer_->rollback();
    }
    return true;
  } catch (const Busy&) {
    writer_->rollback();
    return false;
  } catch (...) {
    if (writer_) writer_->rollback();
    if (writer_ && !writer_->fit()) drop_idle_readers();
    throw;
  }
}

void Database::Pool::run_locked(const std::function<void(Session&)>& work) {
  if (Lent::is_writing(*this)) throw Error("the schema was to be changed inside a write of the same thread");
  const Place place(writing_, "writing");
  writer_.reset();  // a new connection: the lock must not be lost between its taking and its use
  const Lent lent(*this, writer(), true);
  Session& session = *writer_;
  if (!session.single<std::optional<bool>>(dialect_->lock_schema()).value_or(false)) {
    throw Unavailable("another program has been changing the schema for a minute");
  }
  try {
    work(session);
    session.single<std::optional<bool>>(dialect_->unlock_schema());
  } catch (...) {
    writer_.reset();  // and the lock with it
    throw;
  }
}

}  // namespace spectacles::db
