#include "tokens/shared_signer.h"

#include <fmt/format.h>

namespace spectacles::tokens {
namespace {

constexpr std::size_t most_slots = 10'000;

// No part holds a line feed, so none can run into the next.
std::string key_of(const registries::Registry& registry, const std::string& subject, const Granted& granted) {
  return fmt::format("{}\n{}\n{}\n{}\n{}", registry.id.value(), registry.service.str(),
                     registries::render_key_mode(registry.key_mode), subject, render_scope(granted));
}

}  // namespace

SignedToken SharedSigner::sign(const registries::Registry& registry, const std::string& subject,
                               const Granted& granted) {
  const auto slot = slot_of(key_of(registry, subject, granted));
  std::call_once(slot->signed_once, [&] { slot->token = signer_.sign(registry, subject, granted); });
  return *slot->token;
}

std::shared_ptr<SharedSigner::Slot> SharedSigner::slot_of(const std::string& key) {
  const Time now = clock_.now();
  const auto is_fresh = [&](const Slot& slot) { return slot.begun <= now && now < slot.begun + shared_for; };
  auto slots = slots_.lock();
  if (slots->size() >= most_slots) {
    std::erase_if(*slots, [&](const auto& entry) { return !is_fresh(*entry.second); });
    if (slots->size() >= most_slots) slots->clear();
  }
  auto& slot = (*slots)[key];
  if (!slot || !is_fresh(*slot)) slot = std::make_shared<Slot>(now);
  return slot;
}

}  // namespace spectacles::tokens
