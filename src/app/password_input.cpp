#include "app/password_input.h"

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>

#include "accounts/password_rules.h"
#include "crypto/random.h"

namespace spectacles::app {
namespace {

// Switches the echo of the terminal off while it lives.
class Silence {
 public:
  Silence() {
    ::tcgetattr(STDIN_FILENO, &before_);
    auto silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;
  ~Silence() { ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }

 private:
  termios before_{};
};

Result<Secret> read_line(std::istream& from, std::string_view name) {
  std::string line;
  if (!std::getline(from, line)) return refuse(RefusalKind::invalid, fmt::format("there is no password in {}", name));
  if (line.ends_with('\r')) line.pop_back();
  return Secret(std::move(line));
}

Result<Secret> ask(const char* prompt) {
  fmt::print(stderr, "{}: ", prompt);
  std::fflush(stderr);
  const Silence silence;
  auto typed = read_line(std::cin, "what was typed");
  fmt::print(stderr, "\n");
  return typed;
}

Result<Secret> ask_twice() {
  auto first = ask("New password");
  if (!first) return first;
  const auto second = ask("The same again");
  if (!second) return second;
  if (!(*first == *second)) return refuse(RefusalKind::invalid, "the two passwords differ");
  return first;
}

Result<Secret> read_typed(const PasswordInput& input) {
  if (!input.file.empty()) {
    std::ifstream file(input.file);
    if (!file) return refuse(RefusalKind::invalid, "cannot be read: " + input.file, "--password-file");
    return read_line(file, input.file);
  }
  if (::isatty(STDIN_FILENO) != 0) return ask_twice();
  return read_line(std::cin, "the standard input");
}

}  // namespace

void add_password_options(CLI::App& command, PasswordInput& input) {
  auto* file = command.add_option("--password-file", input.file, "Take the password from the first line of this file")
                   ->type_name("FILE");
  command.add_flag("--generate", input.generate, "Make a password and print it")->excludes(file);
  command.footer("Without these the password is asked for, or read from standard input.");
}

Result<Secret> read_new_password(const PasswordInput& input) {
  if (input.generate) return Secret(crypto::random_token());
  const auto typed = read_typed(input);
  if (!typed) return typed;
  return accounts::parse_new_password(*typed);
}

}  // namespace spectacles::app
