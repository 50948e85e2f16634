#include "app/doctor_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <csignal>
#include <memory>

#include "app/load_key.h"
#include "app/wiring.h"
#include "registries/examine.h"
#include "registries/render_checks.h"

namespace spectacles::app {
namespace {

struct Words {
  std::string registry;
  std::string output;
};

void print_text(const registries::Registry& registry, const registries::ConnectionTest& test) {
  fmt::print("{} ({})\n", registry.name.str(), registry.address.url.str());
  for (const auto& check : test.checks) {
    fmt::print("  {:<8} {:<10} {}\n", registries::render_check_outcome(check.outcome), check.name, check.detail);
    if (!check.advice.empty()) fmt::print("  {:<8} {:<10} {}\n", "", "", check.advice);
  }
}

int examine_all(const Config& config, const Words& words) {
  std::signal(SIGPIPE, SIG_IGN);
  const auto key = load_key(config);
  Services services(config, key);
  auto all = services.registries.list();
  if (!words.registry.empty()) {
    std::erase_if(all, [&](const registries::Registry& one) { return one.name.str() != words.registry; });
    if (all.empty()) {
      return complain(
          Refusal{RefusalKind::invalid, fmt::format("there is no registry {}", words.registry), "--registry", 0});
    }
  }
  bool is_well = true;
  boost::json::array rendered;
  for (const auto& registry : all) {
    const auto test = services.examine(registry);
    is_well = is_well && test.ok();
    if (words.output == "json") {
      rendered.push_back(
          boost::json::object{{"registry", registry.name.str()}, {"test", registries::render_test(test)}});
    } else {
      print_text(registry, test);
    }
  }
  if (words.output == "json") {
    print_json(rendered);
  } else if (all.empty()) {
    fmt::print("there is no registry yet: add one in the console, or by spectacles apply\n");
  }
  return is_well ? done : failed;
}

}  // namespace

void add_doctor_command(CLI::App& parser, const Choose& choose) {
  auto& command = *parser.add_subcommand(
      "doctor",
      "Look what is wrong between this server and its registries; exit code 0: nothing, 1: something, 2: error");
  const auto words = std::make_shared<Words>();
  command.add_option("--registry", words->registry, "Only this one, by its name");
  add_output_option(command, words->output);
  choose(command, [words](const Config& config) { return examine_all(config, *words); });
}

}  // namespace spectacles::app
