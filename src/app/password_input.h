// How a password comes to a command: never as an argument, which everybody on the machine could read.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/secret.h"

namespace CLI {
class App;
}

namespace spectacles::app {

struct PasswordInput {
  std::string file;       // "" for none
  bool generate = false;  // make one, which the command then prints
};

// --password-file and --generate.
void add_password_options(CLI::App& command, PasswordInput& input);

// From the file (without one line end), made at random, typed twice at a terminal, or else the first line of standard
// input. Refuses (invalid) what cannot be read, differs, or is no password that may be chosen.
Result<Secret> read_new_password(const PasswordInput& input);

}  // namespace spectacles::app
