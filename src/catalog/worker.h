// The background: passes over every registry again and again. Any number of processes may run one on the same
// database; claims keep two of them from the same registry.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>

#include "catalog/passes.h"
#include "catalog/store_sql.h"
#include "crypto/key.h"

namespace spectacles::catalog {

struct WorkerOptions {
  std::chrono::seconds interval{30};     // from the start of one pass to the start of the next
  std::size_t at_once = 4;               // registries; one that hangs keeps no other waiting
  std::chrono::milliseconds poll{2000};  // how often it looks for registries that are due
  PassOptions passes = {};
};

class SyncWorker {
 public:
  // `own_key` is the public half of our signing key; `tokens` is called from several threads at once. `store` must
  // outlive the worker.
  SyncWorker(SyncStore& store, TokenSource tokens, std::optional<crypto::PublicKey> own_key, WorkerOptions options);
  ~SyncWorker();  // stops
  SyncWorker(const SyncWorker&) = delete;
  SyncWorker& operator=(const SyncWorker&) = delete;

  void start();

  // Looks at once which passes are due or asked for. By any thread.
  void wake();

  // Ends within about a second; a pass that is interrupted counts as not begun.
  void stop();

 private:
  class Engine;
  std::unique_ptr<Engine> engine_;
};

}  // namespace spectacles::catalog
