// Runs one pass over a registry whose claim is held.
#pragma once

#include <chrono>
#include <optional>
#include <stop_token>

#include "catalog/registry_api.h"
#include "catalog/store_sql.h"
#include "catalog/sync.h"
#include "crypto/key.h"

namespace spectacles::catalog {

struct PassOptions {
  std::chrono::milliseconds claim_lasts{30'000};  // how long others wait after this process died
  ApiLimits limits = {};
};

// May be used by several threads at once.
class Passes {
 public:
  // `own_key` is the public half of our signing key; `tokens` is called from several threads at once. `store` must
  // outlive it.
  Passes(SyncStore& store, TokenSource tokens, std::optional<crypto::PublicKey> own_key, PassOptions options);

  // Runs the pass and ends its claim, whatever happens; a fault of this server goes to the log. Nothing when it was
  // stopped, which counts as not begun, or its claim was lost.
  std::optional<SyncResult> run(const registries::Registry& registry, const Claim& claim, const std::stop_token& stop,
                                const WatchProgress& watch = {});

 private:
  SyncResult sync(const registries::Registry& registry, const Claim& claim, const std::stop_token& stop,
                  const WatchProgress& watch);

  SyncStore& store_;
  TokenSource tokens_;
  std::optional<crypto::PublicKey> own_key_;
  PassOptions options_;
};

}  // namespace spectacles::catalog
