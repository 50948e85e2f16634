#include "db/database.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <chrono>
#include <future>
#include <thread>

#include "db/test_folder.h"

namespace spectacles::db {
namespace {

using namespace std::chrono_literals;

class DatabaseTest : public testing::Test {
 protected:
  DatabaseTest() {
    database_.write([](Session& session) {
      session.execute("create table counter (name text primary key, value bigint not null)");
      session.execute("insert into counter values ('a', 0), ('b', 0)");
    });
  }

  static std::int64_t value(Database& database) {
    return database.read(
        [](Session& session) { return session.single<std::int64_t>("select value from counter where name = 'a'"); });
  }
  std::int64_t value() { return value(database_); }

  static void increment(Session& session, const char* name = "a") {
    const auto old = session.single<std::int64_t>("select value from counter where name = :name", name);
    session.execute("update counter set value = :value where name = :name", old + 1, name);
  }

  TestFolder folder_;
  Database database_{folder_.options()};
};

unsigned mode_of(const std::filesystem::path& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 07777;
}

TEST(DatabaseFileTest, IsMadeForItsOwnerOnly) {
  const TestFolder folder;
  const auto file = folder.path() / "new" / "folder = with 'odd' name?x#%20" / "test.db";
  const auto old_mask = ::umask(0);
  {
    Database database({.sqlite_file = file});
    database.write([](Session& session) { session.execute("create table t (a text)"); });
    EXPECT_EQ(mode_of(file), 0600U);
    EXPECT_EQ(mode_of(file.string() + "-wal"), 0600U);
    EXPECT_EQ(mode_of(file.string() + "-shm"), 0600U);
    EXPECT_EQ(mode_of(file.parent_path()), 0700U);
    EXPECT_EQ(mode_of(file.parent_path().parent_path()), 0700U);
  }
  ::umask(old_mask);
}

TEST(DatabaseFileTest, ErrorsNameThePath) {
  const TestFolder folder;
  const auto expect_named = [](const std::filesystem::path& file) {
    try {
      const Database database({.sqlite_file = file});
      ADD_FAILURE() << "opened " << file;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(file.string()), std::string::npos) << error.what();
    }
  };
  const auto garbage = folder.path() / "garbage.db";
  std::FILE* file = std::fopen(garbage.c_str(), "w");
  std::fputs(std::string(8192, 'g').c_str(), file);
  std::fclose(file);
  expect_named(folder.path());  // a folder, not a file
  expect_named(garbage / "test.db");
  expect_named(folder.path() / "quo\"te.db");
  expect_named(garbage);
}

TEST_F(DatabaseTest, IsSetUpToKeepWhatItAcknowledged) {
  database_.write([](Session& session) {
    EXPECT_EQ(session.single<std::string>("pragma journal_mode"), "wal");
    EXPECT_EQ(session.single<std::int64_t>("pragma synchronous"), 2);  // full
    EXPECT_TRUE(session.single<bool>("pragma foreign_keys"));
    EXPECT_FALSE(session.single<bool>("pragma trusted_schema"));
    EXPECT_GE(session.single<std::int64_t>("pragma busy_timeout"), 1000);
  });
}

TEST_F(DatabaseTest, RefusalRollsBack) {
  const auto result = database_.write([](Session& session) -> Result<int> {
    increment(session);
    return refuse(RefusalKind::conflict, "no");
  });
  EXPECT_FALSE(result.has_value());
  EXPECT_EQ(value(), 0);
  const auto granted = database_.write([](Session& session) -> Result<int> {
    increment(session);
    return 5;
  });
  EXPECT_EQ(granted.value(), 5);
  EXPECT_EQ(value(), 1);
}

TEST_F(DatabaseTest, ExceptionRollsBack) {
  EXPECT_THROW(database_.write([](Session& session) {
    increment(session);
    throw std::logic_error("a bug");
  }),
               std::logic_error);
  EXPECT_EQ(value(), 0);
  database_.write([](Session& session) { increment(session); });
  EXPECT_EQ(value(), 1);
}

TEST_F(DatabaseTest, TransactionThatTheEngineEndedIsNotContinued) {
  database_.write([](Session& session) {
    session.execute(
        "create trigger full before update on counter when new.value = 13 begin select raise(rollback, 'full'); end");
  });
  EXPECT_THROW(database_.write([](Session& session) {
    session.execute("update counter set value = 1 where name = 'b'");
    EXPECT_THROW(session.execute("update counter set value = 13 where name = 'a'"), Error);
    session.execute("update counter set value = 2 where name = 'a'");  // would be committed by itself
  }),
               Error);
  EXPECT_EQ(value(), 0);
  database_.write([](Session& session) { increment(session); });
  EXPECT_EQ(value(), 1);
}

TEST_F(DatabaseTest, ReadCannotChangeAnything) {
  EXPECT_THROW(database_.read([](Session& session) { increment(session); }), Error);
  EXPECT_EQ(value(), 0);
}

TEST(DatabaseNestingTest, NeverWaitsForASecondConnection) {
  const TestFolder folder;
  auto options = folder.options();
  options.connections = 1;
  Database database(options);
  database.write([&](Session& session) {
    session.execute("create table t (a integer)");
    session.execute("insert into t values (1)");
    const auto count = [](Session& inner) { return inner.single<std::int64_t>("select count(*) from t"); };
    EXPECT_EQ(database.read(count), 1);  // sees what is not committed yet
    database.read([&](Session&) { EXPECT_EQ(database.read(count), 1); });
    EXPECT_THROW(database.write(count), Error);
    EXPECT_THROW(database.read([&](Session&) { database.write(count); }), Error);
  });
  database.read([&](Session& outer) {
    database.write([](Session& session) { session.execute("insert into t values (2)"); });
    EXPECT_EQ(outer.single<std::int64_t>("select count(*) from t"), 2);
  });
}

TEST(DatabaseNestingTest, TwoDatabasesInOneThreadAreApart) {
  const TestFolder one, two;
  Database first(one.options()), second(two.options());
  first.write([&](Session& session) {
    session.execute("create table t (a integer)");
    second.write([](Session& other) { other.execute("create table t (a integer)"); });
    EXPECT_EQ(second.read([](Session& other) { return other.single<std::int64_t>("select count(*) from t"); }), 0);
  });
}

TEST_F(DatabaseTest, ThreadsLoseNoUpdate) {
  constexpr int threads = 16, each = 25;
  std::vector<std::jthread> running;
  for (int i = 0; i < threads; ++i) {
    running.emplace_back([&, i] {
      for (int j = 0; j < each; ++j) {
        database_.write([&](Session& session) { increment(session, i % 2 == 0 ? "a" : "b"); });
        value();
      }
    });
  }
  running.clear();
  EXPECT_EQ(value(), threads / 2 * each);
}

// Two Database objects know nothing of each other, as two processes.
TEST_F(DatabaseTest, TwoProgramsLoseNoUpdateAndWaitBeforeTheyWork) {
  Database other(folder_.options());
  constexpr int threads = 4, each = 25;
  std::atomic<int> runs = 0;
  {
    std::vector<std::jthread> running;
    for (int i = 0; i < threads; ++i) {
      running.emplace_back([&, i] {
        auto& database = i % 2 == 0 ? database_ : other;
        for (int j = 0; j < each; ++j) {
          database.write([&](Session& session) {
            ++runs;
            increment(session);
          });
        }
      });
    }
  }
  EXPECT_EQ(value(other), threads * each);
  EXPECT_EQ(runs, threads * each);  // none was begun only to be thrown away
}

TEST(DatabaseFileTest, ManyProgramsMayOpenANewFileAtOnce) {
  const TestFolder folder;
  std::vector<std::future<void>> opened;
  for (int i = 0; i < 8; ++i) {
    opened.push_back(std::async(std::launch::async, [&] { const Database database(folder.options()); }));
  }
  for (auto& each : opened) EXPECT_NO_THROW(each.get());
}

TEST_F(DatabaseTest, ReadersSeeTheOldStateDuringAWrite) {
  std::promise<void> changed, checked;
  auto writer = std::async(std::launch::async, [&] {
    database_.write([&](Session& session) {
      increment(session);
      changed.set_value();
      checked.get_future().wait();
    });
  });
  changed.get_future().wait();
  {
    std::vector<std::jthread> readers;
    for (int i = 0; i < 12; ++i) {
      readers.emplace_back([&] { EXPECT_EQ(value(), 0); });
    }
  }
  checked.set_value();
  writer.get();
  EXPECT_EQ(value(), 1);
}

// Longer than SQLite waits by itself, so that the transaction is begun a second time.
TEST_F(DatabaseTest, WriteWaitsForAnotherProgramAndGoesOn) {
  Database other(folder_.options());
  std::promise<void> locked;
  auto holder = std::async(std::launch::async, [&] {
    other.write([&](Session& session) {
      increment(session);
      locked.set_value();
      std::this_thread::sleep_for(2300ms);
    });
  });
  locked.get_future().wait();
  database_.write([](Session& session) { increment(session); });
  holder.get();
  EXPECT_EQ(value(), 2);
}

TEST_F(DatabaseTest, LogsStatementsWithTheirTimeAndWithoutValues) {
  auto options = folder_.options();
  options.log_statements = true;
  Database logging(options);
  testing::internal::CaptureStderr();
  logging.write([](Session& session) {
    session.execute("insert into counter (name, value) values (:name, :value)", "hunter2", 424242);
  });
  const auto log = testing::internal::GetCapturedStderr();
  EXPECT_NE(log.find("insert into counter (name, value) values (:name, :value)"), std::string::npos) << log;
  EXPECT_NE(log.find(" us="), std::string::npos) << log;
  EXPECT_NE(log.find("commit"), std::string::npos) << log;
  EXPECT_EQ(log.find("hunter2"), std::string::npos) << log;
  EXPECT_EQ(log.find("424242"), std::string::npos) << log;
}

}  // namespace
}  // namespace spectacles::db
