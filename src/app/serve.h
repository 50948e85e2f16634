#pragma once

#include "app/config.h"

namespace spectacles::app {

// Runs the web server (and the background inside, unless configured otherwise) until SIGTERM or SIGINT, then lets the
// requests under way end. Prints where it listens and, when it has just made a key, the registry settings to paste.
// Returns the exit code; throws when it cannot start.
int run_server(const Config& config);

// Runs the background alone until SIGTERM or SIGINT.
int run_background(const Config& config);

}  // namespace spectacles::app
