#include "app/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <stdexcept>

namespace spectacles::app {
namespace {

sigset_t stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

// In the child: only what may be called between fork and exec.
[[noreturn]] void become(char* const* arguments, pid_t parent, int report) {
  const auto signals = stop_signals();
  sigprocmask(SIG_UNBLOCK, &signals, nullptr);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() == parent) ::execvp(arguments[0], arguments);
  const int reason = errno;
  [[maybe_unused]] const auto written = ::write(report, &reason, sizeof(reason));
  ::_exit(127);
}

}  // namespace

HeldSignals::HeldSignals() {
  const auto signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

HeldSignals::~HeldSignals() {
  const auto signals = stop_signals();
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

std::optional<int> HeldSignals::wait_signal(std::chrono::milliseconds time) const {
  const auto signals = stop_signals();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
  const timespec limit{.tv_sec = seconds.count(), .tv_nsec = std::chrono::nanoseconds(time - seconds).count()};
  const int number = sigtimedwait(&signals, nullptr, &limit);
  return number > 0 ? std::optional(number) : std::nullopt;
}

ChildProcess::ChildProcess(const std::vector<std::string>& command) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  // What exec says when it fails comes through a pipe that closes by itself when it succeeds.
  std::array<int, 2> report{};
  if (::pipe2(report.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ == 0) become(arguments.data(), parent, report[1]);
  ::close(report[1]);
  int reason = 0;
  const auto got = pid_ < 0 ? 0 : ::read(report[0], &reason, sizeof(reason));
  ::close(report[0]);
  if (pid_ < 0) throw std::runtime_error("no process can be started");
  if (got > 0) {
    ::waitpid(pid_, nullptr, 0);
    throw std::runtime_error(fmt::format("{}: {}", command.front(), std::strerror(reason)));
  }
}

ChildProcess::~ChildProcess() {
  if (is_over_) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

std::optional<int> ChildProcess::poll() {
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return std::nullopt;
  is_over_ = true;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void ChildProcess::signal(int number) const {
  if (!is_over_) ::kill(pid_, number);
}

}  // namespace spectacles::app
