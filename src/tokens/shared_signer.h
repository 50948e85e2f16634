// One signature for equal tokens that are asked for at once: a thousand nodes that pull one image cost one.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/clock.h"
#include "base/synced.h"
#include "tokens/signer.h"

namespace spectacles::tokens {

// May be used by several threads at once.
class SharedSigner {
 public:
  // A token is given out again for so long after it was signed; it is the very same one then, with its jti and dates.
  static constexpr std::chrono::milliseconds shared_for{2000};

  SharedSigner(const Signer& signer, const Clock& clock) : signer_(signer), clock_(clock) {}

  // As Signer::sign. Who asks for what is being signed at this moment waits for it. Every caller has decided for
  // himself what is granted: only equal grants of one subject at one registry share a token.
  //
  // On a thread that must not wait (base/waiting.h) null, unless it was signed already or the key signs quickly.
  std::shared_ptr<const SignedToken> sign(const registries::Registry& registry, const std::string& subject,
                                          const Granted& granted);

 private:
  struct Slot {
    explicit Slot(Time begun_) : begun(begun_) {}
    const Time begun;
    std::once_flag signed_once;
    std::atomic<bool> is_signed = false;
    std::optional<SignedToken> token;
  };
  using Slots = std::unordered_map<std::string, std::shared_ptr<Slot>>;

  std::shared_ptr<Slot> slot_of(const std::string& key);

  const Signer& signer_;
  const Clock& clock_;
  Synced<Slots> slots_;
};

}  // namespace spectacles::tokens
