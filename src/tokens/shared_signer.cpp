#include "tokens/shared_signer.h"

#include "base/waiting.h"

namespace spectacles::tokens {
namespace {

constexpr std::size_t most_slots = 2'000;  // of about 2 kB

// No part holds a line feed, so none can run into the next.
std::string key_of(const registries::Registry& registry, const std::string& subject, const Granted& granted) {
  std::string key = std::to_string(registry.id.value());
  const auto add = [&key](std::string_view part) { key.append(1, '\n').append(part); };
  add(registry.service.str());
  add(registries::render_key_mode(registry.key_mode));
  add(subject);
  add(render_scope(granted));
  return key;
}

}  // namespace

std::shared_ptr<const SignedToken> SharedSigner::sign(const registries::Registry& registry, const std::string& subject,
                                                      const Granted& granted) {
  const auto slot = slot_of(key_of(registry, subject, granted));
  const bool is_there = slot->is_signed.load(std::memory_order_acquire);
  if (!is_there && MustNotWait::here() && !signer_.is_quick()) return nullptr;
  std::call_once(slot->signed_once, [&] {
    slot->token = signer_.sign(registry, subject, granted);
    slot->is_signed.store(true, std::memory_order_release);
  });
  return {slot, &*slot->token};
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
