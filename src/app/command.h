// What the files of commands share.
#pragma once

#include <boost/json/fwd.hpp>
#include <functional>
#include <string>
#include <string_view>

#include "app/config.h"
#include "base/result.h"

namespace CLI {  // NOLINT(readability-identifier-naming): not our name
class App;
}

namespace spectacles::app {

enum ExitCode { done = 0, failed = 1, wrong_input = 2 };

// What runs when a command was chosen and the configuration is read; returns the exit code.
using Command = std::function<int(const Config&)>;

// Tells the command line that `command` belongs to a subcommand.
using Choose = std::function<void(CLI::App&, Command)>;

// One line on standard error; returns `code`.
int complain(std::string_view text, int code);

// The text of a refusal with its field; exit code 2 for what was wrong in the command, 1 for what cannot be done.
int complain(const Refusal& refusal);

// Adds --output text|json to `command`.
void add_output_option(CLI::App& command, std::string& output);

void print_json(const boost::json::value& value);

}  // namespace spectacles::app
