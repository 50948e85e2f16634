#pragma once

#include "app/command.h"

namespace spectacles::app {

// `doctor`: what is wrong between this server and its registries.
void add_doctor_command(CLI::App& parser, const Choose& choose);

}  // namespace spectacles::app
