#pragma once

#include "app/command.h"

namespace spectacles::app {

// `spectacles decisions` and `spectacles activity`: what is recorded, straight from the database.
void add_record_commands(CLI::App& parser, const Choose& choose);

}  // namespace spectacles::app
