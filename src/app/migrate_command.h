// spectacles migrate: brings the schema up to date, or shows how far it is.
#pragma once

#include "app/config.h"

namespace spectacles::app {

enum class Output { text, json };

// Runs what is missing and prints what the schema is then. Returns 0; throws when the database cannot be reached or its
// schema is newer than this program.
int run_migrations(const Config& config, Output output);

// Only prints it, changing nothing. Returns 0 when the schema is up to date, 1 when something is pending.
int show_migrations(const Config& config, Output output);

}  // namespace spectacles::app
