// How often what decides on requests has changed: who remembers something asks whether the number is still the same.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

#include "db/database.h"

namespace spectacles::db {

// May be used by several threads at once.
class Generation {
 public:
  // So long may a change by another program stay unseen where asking means asking a server. On SQLite it counts at
  // once: there a stamp tells whether anything was committed since the last time it was asked.
  static constexpr std::chrono::milliseconds looks_every{500};

  explicit Generation(Database& database);

  // Another number after each change that was committed by this program, and within that time after each by another.
  // Throws db::Unavailable when the database cannot be asked for that long: nothing remembered may be used then; and
  // WouldWait when it has to be asked on a thread that must not wait.
  std::uint64_t current();

 private:
  bool is_up_to_date(const std::optional<std::uint64_t>& stamp) const;
  void look();

  Database& database_;
  const std::unique_ptr<CommitStamp> stamp_;  // null: the time decides
  const std::chrono::nanoseconds bound_;
  std::atomic<std::uint64_t> changes_of_others_ = 0;
  std::atomic<std::int64_t> looked_at_ = 0;  // nanoseconds of the steady clock
  std::atomic<std::uint64_t> looked_at_stamp_ = 0;
  std::mutex looking_;
  std::int64_t seen_ = 0;  // belongs to who looks
};

}  // namespace spectacles::db
