#pragma once

#include <string>
#include <vector>

#include "app/settings_source.h"

namespace spectacles::app {

// The command line. Returns the exit code: 0 done; 1 it could not be done; 2 the arguments, the configuration or the
// file are wrong; `diff` says 1 for "something differs" and 2 for every error. `arguments` are without the program's
// name; a leading "manager.py" is ignored.
int run(std::vector<std::string> arguments, const Environment& environment);

}  // namespace spectacles::app
