// A command that this program runs and waits for.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace spectacles::app {

// SIGINT and SIGTERM reach nobody but who waits with wait_signal(), as long as this lives.
class HeldSignals {
 public:
  HeldSignals();
  ~HeldSignals();
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

  // The signal that came, if one did within that time.
  std::optional<int> wait_signal(std::chrono::milliseconds time) const;
};

class ChildProcess {
 public:
  // Starts it with this program's input and output, and the signals as they were before HeldSignals. It is killed when
  // this program dies. Throws std::runtime_error when it cannot be started.
  explicit ChildProcess(const std::vector<std::string>& command);
  ~ChildProcess();  // kills and waits, if it still runs
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Its exit code when it has ended, 128 and the number of the signal that ended it; nothing while it runs.
  std::optional<int> poll();
  void signal(int number) const;

 private:
  pid_t pid_ = -1;
  bool is_over_ = false;
};

}  // namespace spectacles::app
