#pragma once

#include "app/command.h"

namespace spectacles::app {

// `spectacles explain`, `who` and `reach`: who may do what, and which rule says so.
void add_access_commands(CLI::App& parser, const Choose& choose);

}  // namespace spectacles::app
