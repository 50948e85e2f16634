// What transactions, turns and connections promise, on every engine.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <thread>

#include "db/engine_tables_test.h"

namespace spectacles::db {
namespace {

using namespace std::chrono_literals;

class DatabaseConformance : public OnEveryEngine {
 protected:
  DatabaseConformance() {
    create(database_, "create table counter (" + name_column(engine(), "name") + " not null primary key, " +
                          "value bigint not null);"
                          "insert into counter (name, value) values ('a', 0), ('b', 0)");
  }

  static std::int64_t value(Database& database, const char* name = "a") {
    return database.read([&](Session& session) {
      return session.single<std::int64_t>("select value from counter where name = :name", name);
    });
  }
  std::int64_t value() { return value(database_); }

  static void increment(Session& session, const char* name = "a") {
    const auto old = session.single<std::int64_t>("select value from counter where name = :name", name);
    session.execute("update counter set value = :value where name = :name", old + 1, name);
  }

  Database database_{options()};
};

TEST_P(DatabaseConformance, RefusalAndExceptionRollBack) {
  const auto refused = database_.write([](Session& session) -> Result<int> {
    increment(session);
    return refuse(RefusalKind::conflict, "no");
  });
  EXPECT_FALSE(refused.has_value());
  EXPECT_THROW(database_.write([](Session& session) {
    increment(session);
    throw std::logic_error("a bug");
  }),
               std::logic_error);
  EXPECT_EQ(value(), 0);
  database_.write([](Session& session) { increment(session); });
  EXPECT_EQ(value(), 1);
}

TEST_P(DatabaseConformance, WhatAnErrorRolledBackIsNotContinued) {
  EXPECT_THROW(database_.write([](Session& session) {
    increment(session);
    EXPECT_THROW(session.execute("insert into counter (name, value) values ('a', 1)"), UniqueViolation);
  }),
               Error);
  EXPECT_EQ(value(), 0);
}

TEST_P(DatabaseConformance, NestedReadSeesWhatIsNotCommittedYet) {
  auto only_one = options();
  only_one.connections = 1;
  Database database(only_one);
  database.write([&](Session& session) {
    increment(session);
    EXPECT_EQ(value(database), 1);
    EXPECT_EQ(value(), 0) << "others do not";
    EXPECT_THROW(database.write([](Session&) {}), Error);
  });
  EXPECT_EQ(value(), 1);
}

TEST_P(DatabaseConformance, ReadersDoNotWaitForAWriter) {
  database_.write([&](Session& session) {
    increment(session);
    std::vector<std::future<std::int64_t>> readers;
    for (int i = 0; i < 12; ++i) readers.push_back(std::async(std::launch::async, [&] { return value(); }));
    for (auto& each : readers) EXPECT_EQ(each.get(), 0);
  });
}

// Several Database objects know nothing of each other, as several processes.
TEST_P(DatabaseConformance, ProgramsLoseNoUpdateAndWaitBeforeTheyWork) {
  Database second(options()), third(options());
  constexpr int threads = 6, each = 20;
  std::atomic<int> runs = 0;
  {
    std::vector<std::jthread> running;
    for (int i = 0; i < threads; ++i) {
      running.emplace_back([&, i] {
        auto& database = i % 3 == 0 ? database_ : i % 3 == 1 ? second : third;
        for (int j = 0; j < each; ++j) {
          database.write([&](Session& session) {
            ++runs;
            increment(session);
          });
        }
      });
    }
  }
  EXPECT_EQ(value(), threads * each);
  EXPECT_EQ(runs, threads * each) << "none was begun only to be thrown away";
}

// What one has checked stays true until it commits, though nobody locks the rows that are only read.
TEST_P(DatabaseConformance, WriterSeesAllThatThoseBeforeItCommitted) {
  Database other(options());
  std::promise<void> inside;
  auto first = std::async(std::launch::async, [&] {
    database_.write([&](Session& session) {
      inside.set_value();
      std::this_thread::sleep_for(200ms);
      session.execute("delete from counter where name = 'b'");
    });
  });
  inside.get_future().wait();
  const auto left =
      other.write([](Session& session) { return session.single<std::int64_t>("select count(*) from counter"); });
  first.get();
  EXPECT_EQ(left, 1);
}

// Longer than an engine waits by itself, so that the transaction is begun again.
TEST_P(DatabaseConformance, WriteWaitsForAnotherProgramAndGoesOn) {
  Database other(options());
  std::promise<void> locked;
  auto holder = std::async(std::launch::async, [&] {
    other.write([&](Session& session) {
      increment(session);
      locked.set_value();
      std::this_thread::sleep_for(2500ms);
    });
  });
  locked.get_future().wait();
  database_.write([](Session& session) { increment(session); });
  holder.get();
  EXPECT_EQ(value(), 2);
}

INSTANTIATE_TEST_SUITE_P(Engines, DatabaseConformance, every_engine(), engine_name);

class LostConnection : public DatabaseConformance {};

TEST_P(LostConnection, ReadsComeBack) {
  std::vector<std::jthread> several;
  for (int i = 0; i < 6; ++i) several.emplace_back([&] { value(); });
  several.clear();
  for (int round = 0; round < 3; ++round) {
    place_.kill_connections();
    EXPECT_EQ(value(), 0);
    EXPECT_EQ(value(), 0);
  }
}

TEST_P(LostConnection, WriteThatHasNotBegunComesBack) {
  for (int round = 1; round <= 3; ++round) {
    database_.write([](Session& session) { increment(session); });
    place_.kill_connections();
  }
  EXPECT_EQ(value(), 3);
}

TEST_P(LostConnection, WriteThatHasBegunIsAFaultAndLeavesNothing) {
  EXPECT_THROW(database_.write([&](Session& session) {
    increment(session);
    place_.kill_connections();
    increment(session);
  }),
               Unavailable);
  EXPECT_EQ(value(), 0);
  EXPECT_THROW(database_.write([&](Session& session) {
    increment(session);
    place_.kill_connections();
  }),
               Unavailable)
      << "lost at its commit";
  EXPECT_EQ(value(), 0);
  database_.write([](Session& session) { increment(session); });
  EXPECT_EQ(value(), 1);
}

TEST_P(LostConnection, ReadThatIsLostOnceIsRunAgain) {
  int runs = 0;
  const auto read = database_.read([&](Session& session) {
    if (++runs == 1) place_.kill_connections();
    return session.single<std::int64_t>("select value from counter where name = 'a'");
  });
  EXPECT_EQ(read, 0);
  EXPECT_EQ(runs, 2);
  EXPECT_THROW(database_.read([&](Session& session) {
    place_.kill_connections();
    session.single<std::int64_t>("select value from counter where name = 'a'");
  }),
               Unavailable);
}

TEST_P(LostConnection, WriterThatVanishedKeepsTheTurnFromNobody) {
  Database other(options());
  EXPECT_THROW(database_.write([&](Session& session) {
    increment(session);
    place_.kill_connections();
    other.write([](Session& session2) { increment(session2); });
    increment(session);
  }),
               Unavailable);
  EXPECT_EQ(value(), 1);
}

TEST_P(LostConnection, ServerThatIsNotThereIsNamedWithoutThePassword) {
  auto wrong = options();
  if (!wrong.server) GTEST_SKIP();
  wrong.server->password = Secret("hidden-word");
  wrong.server->port = 1;
  const auto text_of = [&](auto expected) -> std::string {
    try {
      const Database database(wrong);
    } catch (const Error& error) {
      EXPECT_EQ(dynamic_cast<const Unavailable*>(&error) != nullptr, expected) << error.what();
      return error.what();
    }
    ADD_FAILURE() << "opened";
    return "";
  };
  const auto nobody = text_of(true);
  EXPECT_NE(nobody.find(wrong.server->host + ":1"), std::string::npos) << nobody;
  EXPECT_NE(nobody.find(wrong.server->database), std::string::npos) << nobody;
  EXPECT_EQ(nobody.find("hidden-word"), std::string::npos) << nobody;

  wrong.server->port = options().server->port;
  const auto wrong_password = text_of(false);
  EXPECT_NE(wrong_password.find("spectacles"), std::string::npos) << wrong_password;
  EXPECT_EQ(wrong_password.find("hidden-word"), std::string::npos) << wrong_password;

  wrong = options();
  wrong.server->database = "no_such_database";
  text_of(false);
}

TEST_P(LostConnection, AwkwardPasswordsGetIn) {
  auto awkward = options();
  if (!awkward.server) GTEST_SKIP();
  const std::string password = R"(p w'"\=%40:/@?#& singlerow=true é)";
  const std::string literal = engine() == Engine::mysql ? R"('p w''"\\=%40:/@?#& singlerow=true é')"
                                                        : R"('p w''"\=%40:/@?#& singlerow=true é')";
  const std::string user = "awkward_" + std::to_string(::getpid());
  const auto& database = awkward.server->database;
  if (engine() == Engine::mysql) {
    place_.on_server("create user " + user + "@127.0.0.1 identified by " + literal);
    place_.on_server("grant select on " + database + ".* to " + user + "@127.0.0.1");
  } else {
    place_.on_server("create role " + user + " login password " + literal);
  }
  awkward.server->user = user;
  awkward.server->password = Secret(password);
  EXPECT_NO_THROW(Database(awkward).read([](Session& session) { session.single<std::int64_t>("select 1"); }));
  place_.on_server(engine() == Engine::mysql ? "drop user " + user + "@127.0.0.1" : "drop role " + user);
}

INSTANTIATE_TEST_SUITE_P(Servers, LostConnection, every_server(), engine_name);

}  // namespace
}  // namespace spectacles::db
