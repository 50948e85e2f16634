#include "db/generation.h"

#include "base/waiting.h"

namespace spectacles::db {
namespace {

std::int64_t now() {
  return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

Generation::Generation(Database& database)
    : database_(database),
      stamp_(database.commit_stamp()),
      bound_(database.engine() == Engine::sqlite ? std::chrono::nanoseconds(0) : looks_every) {}

std::uint64_t Generation::current() {
  if (!is_up_to_date(stamp_ ? stamp_->current() : std::nullopt)) look();
  // Both only ever grow, so a sum is the same only while neither has changed.
  return database_.committed_changes() + changes_of_others_.load(std::memory_order_acquire);
}

bool Generation::is_up_to_date(const std::optional<std::uint64_t>& stamp) const {
  if (stamp_) return stamp && *stamp == looked_at_stamp_.load(std::memory_order_acquire);
  return now() - looked_at_.load(std::memory_order_acquire) <= bound_.count();
}

// One asks, the others wait for the answer: what they remember is too old to be used without it.
void Generation::look() {
  before_waiting();
  const std::lock_guard lock(looking_);
  // Before the number is read, which is then as new as these, or newer.
  const auto begun = now();
  const auto stamp = stamp_ ? stamp_->current() : std::nullopt;
  if (is_up_to_date(stamp)) return;
  const auto stored =
      database_.read([](Session& session) { return session.single<std::int64_t>("SELECT value FROM generation"); });
  // A change of this program's own is counted once more here, which only makes some things be read again.
  if (stored != std::exchange(seen_, stored)) changes_of_others_.fetch_add(1, std::memory_order_acq_rel);
  if (stamp) looked_at_stamp_.store(*stamp, std::memory_order_release);
  looked_at_.store(begun, std::memory_order_release);
}

}  // namespace spectacles::db
