#pragma once

#include "app/command.h"

namespace spectacles::app {

// `spectacles gc --registry NAME -- COMMAND...`: runs a garbage collection while nothing is pushed or deleted.
void add_gc_command(CLI::App& parser, const Choose& choose);

}  // namespace spectacles::app
