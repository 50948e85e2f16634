#pragma once

#include "app/command.h"

namespace spectacles::app {

// `spectacles sync`: one pass over the registries now, in this process.
void add_sync_command(CLI::App& parser, const Choose& choose);

}  // namespace spectacles::app
