// A server and its database are often started together; the database needs longer.
#pragma once

#include <chrono>
#include <functional>

#include "db/database.h"

namespace spectacles::app {

// Waits; false when the program was told to stop meanwhile.
using Pause = std::function<bool(std::chrono::milliseconds)>;

// Tries to open the database until it answers, for half a minute, and logs each try that failed. False when `pause` was
// told to stop. Throws db::Error for what waiting does not mend (a wrong password) and when the time is over.
bool await_database(const db::Options& options, const Pause& pause);

}  // namespace spectacles::app
