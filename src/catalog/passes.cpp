#include "catalog/passes.h"

#include "base/log.h"

namespace spectacles::catalog {

Passes::Passes(SyncStore& store, TokenSource tokens, std::optional<crypto::PublicKey> own_key, PassOptions options)
    : store_(store), tokens_(std::move(tokens)), own_key_(std::move(own_key)), options_(options) {}

std::optional<SyncResult> Passes::run(const registries::Registry& registry, const Claim& claim,
                                      const std::stop_token& stop, const WatchProgress& watch) {
  try {
    auto result = sync(registry, claim, stop, watch);
    if (stop.stop_requested()) {
      store_.abandon(claim);
      return std::nullopt;
    }
    store_.finish(claim, result.outcome, result.detail);
    return result;
  } catch (const ClaimLost& lost) {
    log::info("background: pass ended", {{"registry", registry.name.str()}, {"reason", lost.what()}});
    return std::nullopt;
  } catch (const std::exception& fault) {
    log::error("background: pass failed", {{"registry", registry.name.str()}, {"reason", fault.what()}});
  }
  SyncResult failed{SyncOutcome::failed, "a fault of this server: its log says more"};
  try {
    store_.finish(claim, failed.outcome, failed.detail);
  } catch (const std::exception&) {  // the database is gone: the claim runs out by itself
  }
  return failed;
}

SyncResult Passes::sync(const registries::Registry& registry, const Claim& claim, const std::stop_token& stop,
                        const WatchProgress& watch) {
  RegistryTokens tokens(registry, tokens_, options_.limits.token_age);
  const RegistryAccess access{.make_api =
                                  [&](std::stop_token end) {
                                    return std::make_unique<RegistryApi>(registry, own_key_, tokens, options_.limits,
                                                                         std::move(end));
                                  },
                              .tokens = tokens,
                              .limits = options_.limits};
  auto changes = store_.begin_changes(registry, claim, options_.claim_lasts);
  return sync_registry(access, changes, stop, watch);
}

}  // namespace spectacles::catalog
