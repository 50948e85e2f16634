// A program is killed while it writes; what it had acknowledged is there afterwards, and nothing half.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <thread>

#include "db/migrate.h"
#include "db/test_folder.h"

namespace spectacles::db {
namespace {

using namespace std::chrono_literals;

// Runs `work(write end of a pipe)` in a child process until `enough` bytes came from it, and kills the child after one
// more `delay`. Returns how many bytes came in all.
template <class Work>
int bytes_until_killed(int enough, std::chrono::milliseconds delay, Work work) {
  std::array<int, 2> ends{};
  EXPECT_EQ(::pipe(ends.data()), 0);
  const auto child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    try {
      work(ends[1]);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "child: %s\n", error.what());
    }
    ::_exit(1);
  }
  ::close(ends[1]);
  int count = 0;
  char byte = 0;
  for (; ::read(ends[0], &byte, 1) == 1; ++count) {
    if (count + 1 < enough) continue;
    std::this_thread::sleep_for(delay);
    ::kill(child, SIGKILL);
  }
  ::close(ends[0]);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended before it was killed";
  return count;
}

void acknowledge(int pipe) {
  if (::write(pipe, "+", 1) != 1) ::_exit(2);
}

TEST(DurabilityTest, AcknowledgedRowsSurviveAKill) {
  const TestFolder folder;
  Database(folder.options()).write([](Session& session) {
    session.execute("create table ack (round integer, half integer)");
  });
  for (int round = 0; round < 5; ++round) {
    const int acknowledged = bytes_until_killed(7 + 5 * round, 0ms, [&](int pipe) {
      Database database(folder.options());
      while (true) {
        database.write([&](Session& session) {
          session.execute("insert into ack values (:round, 1)", round);
          session.execute("insert into ack values (:round, 2)", round);
        });
        acknowledge(pipe);
      }
    });
    Database database(folder.options());
    const auto count = [&](int half) {
      return database.read([&](Session& session) {
        return session.single<std::int64_t>("select count(*) from ack where round = :round and half = :half", round,
                                            half);
      });
    };
    EXPECT_GE(acknowledged, 7 + 5 * round);
    EXPECT_GE(count(1), acknowledged);
    EXPECT_EQ(count(1), count(2));  // a transaction is there whole or not at all
  }
}

TEST(DurabilityTest, MigrationKilledInTheMiddleLeavesNothingOfItself) {
  const TestFolder folder;
  // The second statement runs for longer than any test.
  constexpr Migration endless{1, "endless",
                              "create table a (x integer);"
                              "insert into a with recursive n(x) as (select 1 union all select x + 1 from n) "
                              "select max(x) from n;"};
  bytes_until_killed(1, 100ms, [&](int pipe) {
    Database database(folder.options());
    acknowledge(pipe);
    migrate(database, std::span(&endless, 1));
  });
  Database database(folder.options());
  constexpr Migration mended{1, "mended", "create table a (x integer);"};
  EXPECT_EQ(migrate(database, std::span(&mended, 1)), 1);
}

}  // namespace
}  // namespace spectacles::db
