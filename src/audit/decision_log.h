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

#include "audit/decision_writer_sql.h"
#include "audit/waiting_decision.h"
#include "base/clock.h"
#include "base/synced.h"

namespace spectacles::audit {

struct DecisionLogOptions {
  // Memory of those that wait; as much again may be on its way to the database.
  std::size_t most_refusal_bytes = 4'000'000;
  std::size_t most_grant_bytes = 4'000'000;
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

  // Takes a decision; what asked for nothing decides nothing. Costs a microsecond or two, never waits for the database
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
  struct Waiting {
    std::vector<WaitingDecision> refusals;
    std::size_t refusal_bytes = 0;
    std::unordered_map<GrantKey, WaitingDecision, GrantKeyHash> grants;
    std::size_t grant_bytes = 0;
    Dropped dropped;
  };

  void take_grant(Waiting& waiting, const GrantKey& key, const Decided& decided, Time now);
  void take_refusal(Waiting& waiting, WaitingDecision refusal);
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
  std::vector<WaitingDecision> pending_;
  std::vector<const WaitingDecision*> in_order_;  // the same as they are written
  std::size_t written_ = 0;                       // how many of them are in the database
  Dropped pending_dropped_;
  std::atomic<bool> failed_ = false;  // the last time

  std::jthread thread_;
};

}  // namespace spectacles::audit
