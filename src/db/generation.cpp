#include "db/generation.h"

namespace spectacles::db {
namespace {

std::int64_t now() {
  return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

Generation::Generation(Database& database)
    : database_(database), bound_(database.engine() == Engine::sqlite ? std::chrono::nanoseconds(0) : looks_every) {}

std::uint64_t Generation::current() {
  const std::int64_t age = now() - looked_at_.load(std::memory_order_acquire);
  if (age > bound_.count()) look();
  // Both only ever grow, so a sum is the same only while neither has changed.
  return database_.committed_changes() + changes_of_others_.load(std::memory_order_acquire);
}

// One asks, the others wait for the answer: what they remember is too old to be used without it.
void Generation::look() {
  const std::lock_guard lock(looking_);
  const auto begun = now();
  if (begun - looked_at_.load(std::memory_order_acquire) <= bound_.count()) return;
  const auto stored =
      database_.read([](Session& session) { return session.single<std::int64_t>("SELECT value FROM generation"); });
  // A change of this program's own is counted once more here, which only makes some things be read again.
  if (stored != std::exchange(seen_, stored)) changes_of_others_.fetch_add(1, std::memory_order_acq_rel);
  looked_at_.store(begun, std::memory_order_release);
}

}  // namespace spectacles::db
