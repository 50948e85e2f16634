#include "app/sync_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <boost/json.hpp>
#include <csignal>
#include <cstdio>
#include <thread>

#include "app/load_key.h"
#include "app/progress_line.h"
#include "app/wiring.h"
#include "catalog/passes.h"
#include "catalog/routes.h"
#include "crypto/random.h"

namespace spectacles::app {
namespace {

using namespace std::chrono_literals;
using catalog::SyncOutcome;
using catalog::SyncState;

struct Words {
  std::string registry;
  bool confirm_removals = false;
  std::string output;
};

std::atomic<bool> is_interrupted = false;

// One pass over one registry, by this process or by the one that is at it.
class OnePass {
 public:
  OnePass(catalog::SyncStore& store, catalog::Passes& passes, const registries::Registry& registry)
      : store_(store), passes_(passes), registry_(registry), line_(registry.name.str()) {}

  // Nothing when it was interrupted.
  std::optional<SyncState> run() {
    const auto holder = crypto::random_token();
    while (!is_interrupted) {
      const auto now = store_.now();
      const catalog::ClaimTerms terms{.holder = holder, .now = now, .lasts = claim_lasts, .due_before = now};
      if (const auto claim = store_.try_claim(registry_.id, terms)) {
        if (pass(*claim)) return end();
      } else if (await_other()) {
        return end();
      }
    }
    line_.end();
    return std::nullopt;
  }

  static constexpr std::chrono::milliseconds claim_lasts{30'000};

 private:
  std::optional<SyncState> end() {
    line_.end();
    return store_.load_state(registry_.id);
  }

  bool pass(const catalog::Claim& claim) {
    std::stop_source stop;
    return passes_
        .run(registry_, claim, stop.get_token(),
             [&](const catalog::SyncProgress& progress) {
               if (is_interrupted) stop.request_stop();
               line_.show(progress);
             })
        .has_value();
  }

  // Whether the pass of the other process came to its end.
  bool await_other() {
    line_.say("another process passes over it, waiting for that");
    while (!is_interrupted) {
      const auto state = store_.load_state(registry_.id);
      if (state.outcome != SyncOutcome::running) return !state.is_abandoned;
      if (state.progress) line_.show(*state.progress);
      std::this_thread::sleep_for(300ms);
    }
    return false;
  }

  catalog::SyncStore& store_;
  catalog::Passes& passes_;
  const registries::Registry& registry_;
  ProgressLine line_;
};

std::string render_text(const registries::Registry& registry, const SyncState& state) {
  const auto& name = registry.name.str();
  auto text = fmt::format("{}: {}", name, catalog::render_sync_outcome(state.outcome));
  if (state.detail) text += ": " + *state.detail;
  if (state.brake) {
    text += fmt::format(
        "\n{}: {} repositories and {} tags vanished at once and are kept; if that is right: "
        "spectacles sync --registry \"{}\" --confirm-removals",
        name, state.brake->repositories, state.brake->tags, name);
  }
  return text;
}

Result<std::vector<registries::Registry>> choose_registries(Services& services, const std::string& wanted) {
  auto all = services.registries.list();
  if (wanted.empty()) return all;
  std::erase_if(all, [&](const registries::Registry& one) { return one.name.str() != wanted; });
  if (all.empty()) return refuse(RefusalKind::invalid, fmt::format("there is no registry {}", wanted), "--registry");
  return all;
}

int sync(const Config& config, const Words& words) {
  std::signal(SIGPIPE, SIG_IGN);
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, [](int) { is_interrupted = true; });
  const auto key = load_key(config);
  Services services(config, key);
  const auto chosen = choose_registries(services, words.registry);
  if (!chosen) return complain(chosen.error());
  catalog::Passes passes(services.sync, background_tokens(services), key.key.public_key(),
                         {.claim_lasts = OnePass::claim_lasts});
  bool is_well = true;
  boost::json::array rendered;
  for (const auto& registry : *chosen) {
    if (words.confirm_removals) {
      const auto confirmed = services.sync.request(audit::Actor::command_line(), registry.id, true);
      if (!confirmed) fmt::print(stderr, "{}: {}\n", registry.name.str(), confirmed.error().text);
    }
    const auto state = OnePass(services.sync, passes, registry).run();
    if (!state) return complain("stopped", failed);
    is_well = is_well && state->outcome == SyncOutcome::complete && !state->brake;
    if (words.output == "json") {
      rendered.push_back(
          boost::json::object{{"registry", registry.name.str()}, {"sync", catalog::render_sync_state(*state)}});
    } else {
      fmt::print("{}\n", render_text(registry, *state));
    }
  }
  if (words.output == "json") print_json(rendered);
  return is_well ? done : failed;
}

}  // namespace

void add_sync_command(CLI::App& parser, const Choose& choose) {
  auto& command =
      *parser.add_subcommand("sync", "Read the registries now; exit code 0: all of them whole, 1: not, 2: error");
  const auto words = std::make_shared<Words>();
  command.add_option("--registry", words->registry, "Only this one, by its name");
  command.add_flag("--confirm-removals", words->confirm_removals,
                   "Remove what vanished, though it is so much that it is kept until somebody says so");
  add_output_option(command, words->output);
  choose(command, [words](const Config& config) { return sync(config, *words); });
}

}  // namespace spectacles::app
