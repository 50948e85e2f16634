#include "db/turnstile.h"

#include <algorithm>

namespace spectacles::db {

bool Turnstile::enter(std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  if (free_ > 0) {
    --free_;
    return true;
  }
  Waiting self;
  queue_.push_back(&self);
  if (self.called.wait_for(lock, timeout, [&] { return self.let_in; })) return true;
  std::erase(queue_, &self);
  return false;
}

void Turnstile::leave() {
  const std::lock_guard lock(mutex_);
  if (queue_.empty()) {
    ++free_;
    return;
  }
  // The place goes straight to who waits longest: nobody who comes later can take it first.
  auto* next = queue_.front();
  queue_.pop_front();
  next->let_in = true;
  next->called.notify_one();  // under the lock, as `next` is gone once its owner has seen let_in
}

}  // namespace spectacles::db
