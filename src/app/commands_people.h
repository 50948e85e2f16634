#pragma once

#include "app/command.h"

namespace spectacles::app {

// `spectacles user ...` and `spectacles session ...`: what an operator does without the console.
void add_user_commands(CLI::App& parser, const Choose& choose);
void add_session_commands(CLI::App& parser, const Choose& choose);

}  // namespace spectacles::app
