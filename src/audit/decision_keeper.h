// Moves decisions to where they stay and removes what is kept no longer, in the background. Any number of processes may
// run one on the same database.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "audit/decision_retention_sql.h"
#include "audit/decision_settler_sql.h"

namespace spectacles::audit {

class DecisionKeeper {
 public:
  struct Options {
    std::chrono::milliseconds looks_every = std::chrono::minutes(1);
    std::chrono::milliseconds pause{50};  // between two transactions, so that others get their turn to write
  };

  // Both must outlive the keeper.
  DecisionKeeper(DecisionSettler& settler, DecisionRetention& retention)
      : DecisionKeeper(settler, retention, Options()) {}
  DecisionKeeper(DecisionSettler& settler, DecisionRetention& retention, Options options)
      : settler_(settler), retention_(retention), options_(options) {}
  ~DecisionKeeper() = default;  // stops
  DecisionKeeper(const DecisionKeeper&) = delete;
  DecisionKeeper& operator=(const DecisionKeeper&) = delete;

  void start();
  void stop();

 private:
  void run(const std::stop_token& stop);
  bool keep_some();

  DecisionSettler& settler_;
  DecisionRetention& retention_;
  const Options options_;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;
};

}  // namespace spectacles::audit
