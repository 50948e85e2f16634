// The decisions of this process on their way to the database: told without waiting for it, written in batches. Grants
// are summed up by hour before that, so that a thousand nodes that pull one image are one row.
//
// What the database cannot take stays here and is tried again; what is beyond the bound then is only counted.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "audit/decision.h"
#include "audit/decision_writer_sql.h"
#include "base/clock.h"
#include "base/synced.h"

namespace spectacles::audit {

struct DecisionLogOptions {
  std::size_t most_refusals = 20'000;  // that wait; what is being written comes on top
  std::size_t most_grants = 20'000;    // different ones
  std::chrono::milliseconds refusals_every{1000};
  std::chrono::milliseconds grants_every{5000};
};

class DecisionLog {
 public:
  // Both must outlive the log.
  DecisionLog(DecisionWriter& writer, const Clock& clock, DecisionLogOptions options = {});
  ~DecisionLog();  // stops
  DecisionLog(const DecisionLog&) = delete;
  DecisionLog& operator=(const DecisionLog&) = delete;

  // Takes a decision; what asked for nothing decides nothing. Costs about a microsecond, never waits for the database
  // and never fails. May be called by several threads at once.
  void record(const Decided& decided);

  // Writes all that was told before, so that it can be read. What cannot be written stays; that is logged, not thrown.
  // Gives up when another thread has been writing for two seconds: who reads must not wait for a database that hangs.
  void flush();

  // Begins to write in the background.
  void start();
  // Ends that and writes the rest.
  void stop();

 private:
  // What makes two grants of one hour the same.
  struct Key {
    Time hour;
    std::string user;
    RegistryId registry;
    std::string repository;
    ActionSet granted;
  };
  struct KeyView {
    Time hour;
    std::string_view user;
    RegistryId registry;
    std::string_view repository;
    ActionSet granted;
  };
  static KeyView view(const Key& key) { return {key.hour, key.user, key.registry, key.repository, key.granted}; }
  static const KeyView& view(const KeyView& key) { return key; }
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(const Key& key) const { return of(view(key)); }
    std::size_t operator()(const KeyView& key) const { return of(key); }
    static std::size_t of(const KeyView& key);
  };
  struct Equal {
    using is_transparent = void;
    template <class Left, class Right>
    bool operator()(const Left& left, const Right& right) const {
      return are_equal(view(left), view(right));
    }
    static bool are_equal(const KeyView& left, const KeyView& right);
  };
  struct Waiting {
    std::vector<Decision> refusals;
    std::unordered_map<Key, Decision, Hash, Equal> grants;
    Dropped dropped;

    bool empty() const { return refusals.empty() && grants.empty() && dropped.empty(); }
  };

  void take_grant(Waiting& waiting, const Decided& decided, Time now);
  bool is_half_full(const Waiting& waiting) const;
  void run(const std::stop_token& stop);
  void write(bool with_grants);
  void take(bool with_grants);
  void write_pending();

  DecisionWriter& writer_;
  const Clock& clock_;
  const DecisionLogOptions options_;
  Synced<Waiting> waiting_;
  std::condition_variable_any half_full_;

  std::timed_mutex writing_;  // who has it writes, and owns what follows
  std::vector<Decision> pending_;
  std::size_t written_ = 0;  // how many of them are in the database
  Dropped pending_dropped_;
  std::atomic<bool> failed_ = false;  // the last time

  std::jthread thread_;
};

}  // namespace spectacles::audit
