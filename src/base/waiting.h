// Threads that serve many at once must not wait for one: not for the database, not for what takes a processor for long.
// Such a thread says so, and what would have to wait there throws WouldWait instead; whoever made the thread so has the
// same work done again on a thread that may. So what runs there may be tried, as long as it changes nothing before.
#pragma once

namespace spectacles {

// No std::exception, so that nobody takes it for a fault.
struct WouldWait {};

// While one lives its thread must not wait.
class MustNotWait {
 public:
  MustNotWait() : before_(is_here) { is_here = true; }
  MustNotWait(const MustNotWait&) = delete;
  MustNotWait& operator=(const MustNotWait&) = delete;
  ~MustNotWait() { is_here = before_; }

  static bool here() { return is_here; }

 private:
  static inline thread_local bool is_here = false;

  const bool before_;
};

// To be called before anything that may wait.
inline void before_waiting() {
  if (MustNotWait::here()) throw WouldWait();
}

}  // namespace spectacles
