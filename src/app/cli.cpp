#include "app/cli.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <functional>

#include "app/command.h"
#include "app/commands_access.h"
#include "app/commands_gc.h"
#include "app/commands_people.h"
#include "app/commands_records.h"
#include "app/completion.h"
#include "app/doctor_command.h"
#include "app/migrate_command.h"
#include "app/options.h"
#include "app/serve.h"
#include "app/sync_command.h"
#include "app/version.h"
#include "app/wiring.h"
#include "declare/apply.h"
#include "declare/document.h"
#include "declare/export.h"
#include "declare/plan.h"

namespace spectacles::app {
namespace {

struct Arguments {
  std::string config_file;
  std::string file;
  bool plan_only = false;
  bool prune = false;
  std::string output = "text";
  bool status_only = false;
};

void print_errors(const declare::Errors& errors) {
  for (const auto& error : errors) fmt::print(stderr, "{}\n", declare::render_error(error));
}

// Runs `apply` as far as `plan_only` allows; nothing when the document has errors, which are printed then.
std::optional<declare::Plan> apply_document(const Config& config, const Arguments& arguments, bool plan_only) {
  const auto document = declare::load(arguments.file);
  Foundation foundation(config);
  auto outcome =
      declare::apply(foundation.database, foundation.hasher, foundation.recorder, foundation.clock, document,
                     {.prune = arguments.prune ? declare::Prune::yes : declare::Prune::no, .plan_only = plan_only});
  if (outcome.errors.empty()) return std::move(outcome.plan);
  print_errors(outcome.errors);
  return std::nullopt;
}

int apply(const Config& config, const Arguments& arguments) {
  const auto plan = apply_document(config, arguments, arguments.plan_only);
  if (!plan) return wrong_input;
  fmt::print("{}", declare::render_plan(*plan));
  return done;
}

int diff(const Config& config, const Arguments& arguments) {
  try {
    const auto plan = apply_document(config, arguments, true);
    if (!plan) return wrong_input;
    fmt::print("{}", declare::render_plan(*plan));
    return plan->empty() ? done : failed;
  } catch (const std::exception& error) {
    return complain(error.what(), wrong_input);  // 1 has a meaning of its own
  }
}

int export_all(const Config& config, const Arguments&) {
  Foundation foundation(config);
  fmt::print("{}", declare::export_yaml(foundation.database));
  return done;
}

int migrate(const Config& config, const Arguments& arguments) {
  const auto output = arguments.output == "json" ? Output::json : Output::text;
  try {
    return arguments.status_only ? show_migrations(config, output) : run_migrations(config, output);
  } catch (const std::exception& error) {
    return complain(error.what(), wrong_input);  // 1 has a meaning of its own
  }
}

class CommandLine {
 public:
  CommandLine()
      : parser_("Decides who may pull, push and delete in Docker and OCI registries, and shows what is in them.") {
    parser_.name("spectacles");
    parser_.set_version_flag("--version", std::string(version));
    parser_.require_subcommand(1);
    parser_.fallthrough();  // --config may stand behind the command, too
    parser_.add_option("--config", arguments_.config_file, "Configuration file (spectacles.yml)")->type_name("FILE");
    parser_.footer("Options are set by environment variables or in spectacles.yml; `spectacles options` lists them.");

    add("runserver", "Run the web server and the token endpoint",
        [](const Config& config, const Arguments&) { return run_server(config); });
    add("runbackground", "Read the registries again and again, without a web server",
        [](const Config& config, const Arguments&) { return run_background(config); });
    add_apply();
    add_diff();
    add("export", "Write registries, users, groups and namespaces as YAML, for apply", export_all);
    const auto choose = [this](CLI::App& subcommand, Command command) {
      subcommand.callback([this, command = std::move(command)] { command_ = command; });
    };
    add_access_commands(parser_, choose);
    add_user_commands(parser_, choose);
    add_session_commands(parser_, choose);
    add_sync_command(parser_, choose);
    add_doctor_command(parser_, choose);
    add_record_commands(parser_, choose);
    add_gc_command(parser_, choose);
    add_completion();
    add_migrate();
    add("options", "List all options of the configuration as Markdown", {})->callback([this] {
      fmt::print("{}", render_option_table());
      printed_ = true;
    });
  }

  int run(std::vector<std::string> arguments, const Environment& environment) {
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
    try {
      parser_.parse(std::move(arguments));
    } catch (const CLI::ParseError& error) {
      return parser_.exit(error) == 0 ? done : wrong_input;
    }
    if (printed_) return done;
    const auto config = load_config(environment, arguments_.config_file.empty()
                                                     ? std::nullopt
                                                     : std::optional<std::filesystem::path>(arguments_.config_file));
    if (!config) return complain(config.error().text, wrong_input);
    return command_(*config);
  }

 private:
  using OwnCommand = std::function<int(const Config&, const Arguments&)>;

  CLI::App* add(const std::string& name, const std::string& description, OwnCommand command) {
    auto* subcommand = parser_.add_subcommand(name, description);
    subcommand->set_version_flag("--version", std::string(version));
    subcommand->callback([this, command = std::move(command)] {
      command_ = [this, command](const Config& config) { return command(config, arguments_); };
    });
    return subcommand;
  }

  void add_completion() {
    auto* subcommand = parser_.add_subcommand("completion", "Print a script that completes commands in your shell");
    subcommand->add_option("SHELL", shell_, "bash, zsh or fish")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    subcommand->callback([this] {
      const auto shell = shell_ == "bash" ? Shell::bash : shell_ == "zsh" ? Shell::zsh : Shell::fish;
      fmt::print("{}", render_completion(parser_, shell));
      printed_ = true;
    });
  }

  void add_apply() {
    auto* subcommand = add("apply", "Make the database what a YAML file says, in one transaction", app::apply);
    subcommand->add_option("FILE", arguments_.file, "The file; - is standard input")->required();
    subcommand->add_flag("--plan", arguments_.plan_only, "Only print what would change");
    subcommand->add_flag("--prune", arguments_.prune, "Also remove what the file does not name");
  }

  void add_diff() {
    auto* subcommand =
        add("diff", "Print what apply would change; exit code 0: nothing, 1: something, 2: error", app::diff);
    subcommand->add_option("FILE", arguments_.file, "The file; - is standard input")->required();
    subcommand->add_flag("--prune", arguments_.prune, "Also what apply --prune would remove");
  }

  void add_migrate() {
    auto* subcommand =
        add("migrate", "Bring the schema of the database up to date, as every command does", app::migrate);
    subcommand->add_flag("--status", arguments_.status_only, "Only print it; exit code 0: up to date, 1: pending");
    subcommand->add_option("--output", arguments_.output, "text or json")->check(CLI::IsMember({"text", "json"}));
  }

  CLI::App parser_;
  Arguments arguments_;
  Command command_;
  std::string shell_;
  bool printed_ = false;
};

}  // namespace

int run(std::vector<std::string> arguments, const Environment& environment) {
  if (!arguments.empty() && arguments.front() == "manager.py") arguments.erase(arguments.begin());
  try {
    return CommandLine().run(std::move(arguments), environment);
  } catch (const std::exception& error) {
    return complain(error.what(), failed);
  }
}

}  // namespace spectacles::app
