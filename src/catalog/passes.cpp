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
    finish(registry, claim, result);
    return result;
  } catch (const ClaimLost& lost) {
    log::info("background: pass ended", {{"registry", registry.name.str()}, {"reason", lost.what()}});
    return std::nullopt;
  } catch (const std::exception& fault) {
    log::error("background: pass failed", {{"registry", registry.name.str()}, {"reason", fault.what()}});
  }
  SyncResult failed{SyncOutcome::failed, "a fault of this server: its log says more"};
  try {
    finish(registry, claim, failed);
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

void Passes::finish(const registries::Registry& registry, const Claim& claim, const SyncResult& result) {
  store_.finish(claim, result.outcome, result.detail);
  const auto outcome = render_sync_outcome(result.outcome);
  if (result.outcome == SyncOutcome::complete) {
    log::debug("background: pass complete", {{"registry", registry.name.str()}});
  } else {
    log::warn("background: pass not complete",
              {{"registry", registry.name.str()}, {"outcome", outcome}, {"reason", result.detail}});
  }
  if (result.brake) {
    log::warn("background: much vanished at once, and stays until somebody confirms its removal",
              {{"registry", registry.name.str()},
               {"repositories", result.brake->repositories},
               {"tags", result.brake->tags}});
  }
}

}  // namespace spectacles::catalog
