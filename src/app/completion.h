// Shell completion, made from the commands and options that the command line has.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace spectacles::app {

enum class Shell { bash, zsh, fish };

// A script to be sourced by the shell.
std::string render_completion(const CLI::App& parser, Shell shell);

}  // namespace spectacles::app
