#include "app/commands_gc.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>

#include "app/child_process.h"
#include "app/wiring.h"
#include "crypto/random.h"

namespace spectacles::app {
namespace {

using namespace std::chrono_literals;

constexpr auto poll = 100ms;

struct Words {
  std::string registry;
  std::string reason;
  std::int64_t most_wait = 3600 + 600;
  std::int64_t lease = 60;
  std::vector<std::string> command;
};

void say(const std::string& text) {
  fmt::print(stderr, "spectacles: {}\n", text);
}

// The window of this process, kept open as long as it says so in time.
class HeldWindow {
 public:
  HeldWindow(removal::GcWindows& windows, const registries::Registry& registry, std::chrono::seconds lasts)
      : windows_(windows), registry_(registry), lasts_(lasts), renewed_at_(std::chrono::steady_clock::now()) {}

  const std::string& holder() const { return holder_; }

  // False when it is lost, or so close to its end that nothing that needs it may go on.
  bool keep() {
    const auto age = std::chrono::steady_clock::now() - renewed_at_;
    if (age < lasts_ / 4) return true;
    try {
      const auto begun = std::chrono::steady_clock::now();
      if (!windows_.renew(registry_.id, holder_, lasts_)) return false;
      renewed_at_ = begun;
      return true;
    } catch (const std::exception& fault) {
      if (age < lasts_ * 3 / 4) return true;  // the database may come back in time
      say(fault.what());
      return false;
    }
  }

  void close() {
    if (windows_.close(registry_.id, registry_.name, holder_, audit::Actor::command_line())) {
      say("pushes and deletes go on");
    }
  }

 private:
  removal::GcWindows& windows_;
  const registries::Registry& registry_;
  const std::chrono::seconds lasts_;
  const std::string holder_ = crypto::random_token();
  std::chrono::steady_clock::time_point renewed_at_;
};

int lost() {
  return complain("the window was closed by somebody else, or could not be kept open", failed);
}

// Waits until no token that pushes or deletes is good any more; nothing: the command may run.
std::optional<int> wait_for_tokens(removal::GcWindows& windows, const registries::Registry& registry,
                                   HeldWindow& window, const HeldSignals& signals, const Words& words) {
  const SystemClock clock;
  const auto until = windows.writes_until(registry.id);
  if (!until || *until <= clock.now()) return std::nullopt;
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(*until - clock.now()).count();
  if (seconds > words.most_wait) {
    return complain(fmt::format("tokens that push or delete are good for {} more seconds, which is longer than "
                                "--wait-max",
                                seconds),
                    failed);
  }
  say(fmt::format("waiting {} seconds for tokens that push or delete", seconds));
  while (clock.now() < *until) {
    if (const auto signal = signals.wait_signal(poll)) return 128 + *signal;
    if (!window.keep()) return lost();
  }
  return std::nullopt;
}

// A signal is handed on, and its effect waited for.
int run_command(HeldWindow& window, const HeldSignals& signals, const Words& words) {
  ChildProcess child(words.command);
  while (true) {
    if (const auto code = child.poll()) return *code;
    if (const auto signal = signals.wait_signal(poll)) child.signal(*signal);
    if (!window.keep()) return lost();  // and the command is killed: pushes may go on at any moment
  }
}

int collect(const Config& config, const Words& words) {
  const HeldSignals signals;
  Foundation foundation(config);
  registries::RegistryStore registries(foundation.database, foundation.generation, foundation.recorder,
                                       foundation.clock);
  const auto name = Label::parse(words.registry);
  const auto registry = name ? registries.find(*name) : std::nullopt;
  if (!registry) return complain("--registry: there is no registry of this name", wrong_input);
  removal::GcWindows windows(foundation.database, foundation.recorder, foundation.clock);

  HeldWindow window(windows, *registry, std::chrono::seconds(words.lease));
  const auto opened = windows.open({.registry = registry->id,
                                    .registry_name = registry->name,
                                    .holder = window.holder(),
                                    .lasts = std::chrono::seconds(words.lease),
                                    .reason = words.reason},
                                   audit::Actor::command_line());
  if (!opened) return complain(opened.error());
  say(fmt::format("pushes to {} and deletes there are paused", registry->name.str()));
  int code = failed;
  try {
    const auto refused = wait_for_tokens(windows, *registry, window, signals, words);
    code = refused ? *refused : run_command(window, signals, words);
  } catch (const std::exception& fault) {
    complain(fault.what(), failed);
  }
  window.close();
  return code;
}

}  // namespace

void add_gc_command(CLI::App& parser, const Choose& choose) {
  auto& gc = *parser.add_subcommand(
      "gc", "Pause pushes and deletes at a registry, wait until no token allows them, run a command, go on");
  const auto words = std::make_shared<Words>();
  gc.add_option("--registry", words->registry, "Name of the registry")->required();
  gc.add_option("--reason", words->reason, "What whoever is refused meanwhile gets to read");
  gc.add_option("--wait-max", words->most_wait, "Give up when tokens are good for longer than so many seconds")
      ->check(CLI::Range(0, 24 * 3600));
  gc.add_option("--lease", words->lease, "Seconds after which pushes go on by themselves when this process is killed")
      ->check(CLI::Range(5, 3600));
  gc.add_option("COMMAND", words->command, "The command and its arguments, behind --; its exit code is that of gc")
      ->required()
      ->expected(-1);
  choose(gc, [words](const Config& config) { return collect(config, *words); });
}

}  // namespace spectacles::app
