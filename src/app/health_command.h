#pragma once

#include "app/config.h"

namespace spectacles::app {

// Asks the server that runs with this configuration on this machine whether it is ready, for container engines whose
// images hold no HTTP client. Exit code 0: ready; 1: not, with the reason on standard error. Over HTTPS the server must
// show the configured certificate; the name in it does not matter.
int run_health(const Config& config);

}  // namespace spectacles::app
